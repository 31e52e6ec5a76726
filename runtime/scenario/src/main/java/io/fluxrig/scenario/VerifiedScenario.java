package io.fluxrig.scenario;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A proof: a pinned key has signed this scenario, it is of this site, and it has not expired. There is no other way to make one. */
public final class VerifiedScenario {
    private final Scenario scenario;
    private final Bytes identity;

    private VerifiedScenario(Scenario scenario, Bytes identity) {
        this.scenario = scenario;
        this.identity = identity;
    }

    /** With pinned keys alone. */
    public static VerifiedScenario verify(byte[] file, Trust trust, String site, Instant now) {
        return verify(file, Authority.pinned(trust), site, now);
    }

    /**
     * Checks signatures, form, site, time, and whether those who signed may, in this order.
     *
     * @param now no earlier than the latest signed time that was seen
     * @throws FluxException numbered, category UNTRUSTED
     */
    public static VerifiedScenario verify(byte[] file, Authority authority, String site, Instant now) {
        SignedArtifact.Verified verified = authority.signatures(file, now);
        Scenario scenario = scenarioOf(verified.payload());
        if (!scenario.site().equals(site)) {
            throw new FluxException(
                    ScenarioError.SITE, "it is of site '" + scenario.site() + "', this is '" + site + "'");
        }
        if (scenario.expires().isPresent()
                && now.getEpochSecond() >= scenario.expires().get()) {
            throw new FluxException(
                    ScenarioError.EXPIRED,
                    "it expired at " + Instant.ofEpochSecond(scenario.expires().get()));
        }
        authority.permit(scenario, verified, now);
        return new VerifiedScenario(scenario, verified.identity());
    }

    /**
     * What this Rack verified and ran before: its own record names the payload, so neither a key that was revoked since nor its expiry stops it from running on.
     *
     * @param identity as remembered in the journal
     * @throws FluxException where the bytes are not those
     */
    public static VerifiedScenario again(byte[] file, Bytes identity, String site) {
        SignedArtifact.Parsed parsed = SignedArtifact.parse(file, Scenario.CONTENT_TYPE);
        Scenario scenario = scenarioOf(parsed.payload());
        if (!parsed.identity().equals(identity) || !scenario.site().equals(site)) {
            throw new FluxException(ScenarioError.FORM, "it is not the artifact that ran here last");
        }
        return new VerifiedScenario(scenario, identity);
    }

    /** The identity of whatever has the form of a scenario artifact, for the record; says nothing of trust. */
    public static Optional<Bytes> claimedIdentity(byte[] file) {
        try {
            return Optional.of(SignedArtifact.parse(file, Scenario.CONTENT_TYPE).identity());
        } catch (FluxException formless) {
            return Optional.empty();
        }
    }

    private static Scenario scenarioOf(Bytes payload) {
        return ScenarioForm.fromPayload(FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF));
    }

    public Scenario scenario() {
        return scenario;
    }

    /** SHA-256 of the payload. */
    public Bytes identity() {
        return identity;
    }

    /** What runs: every spec compiled from bytes that were hashed just now, and the gear types. */
    public record Prepared(Map<String, Spec> specs, GearTypes types) {}

    /**
     * Hashes every spec, base and jar again and compares with what was signed.
     *
     * @throws FluxException SPEC_CHANGED, CODE_CHANGED, or what the store says
     */
    public Prepared prepare(BlobStore store, GearTypes builtIn, GearJars jars) {
        Map<String, Spec> specs = new HashMap<>();
        Set<String> bases = basesOnly(store);
        scenario.specs().forEach((reference, pin) -> {
            byte[] bytes = store.get(pin.sha256());
            if (bytes.length != pin.size()) {
                throw new FluxException(
                        ScenarioError.SPEC_CHANGED,
                        "'" + reference + "' has " + bytes.length + " bytes, signed were " + pin.size());
            }
            if (!bases.contains(reference)) {
                requireSignedBases(store, pin.sha256());
                specs.put(reference, Specs.open(store, pin.sha256()));
            }
        });
        scenario.code().forEach((type, pin) -> {
            Scenario.CodePin here = jars.pins().get(type);
            if (here == null || !here.sha256().equals(pin.sha256())) {
                throw new FluxException(
                        ScenarioError.CODE_CHANGED,
                        "gear type '" + type + "' " + (here == null ? "has no jar here" : "comes from another jar"));
            }
        });
        jars.pins().keySet().stream()
                .filter(type -> !scenario.code().containsKey(type))
                .filter(type -> scenario.gears().stream().anyMatch(g -> g.type().equals(type)))
                .findFirst()
                .ifPresent(type -> {
                    throw new FluxException(
                            ScenarioError.CODE_CHANGED, "the jar of gear type '" + type + "' was not signed");
                });
        // Whatever its author's tools said: no classified element leaves by a list in a scenario.
        scenario.residency().ifPresent(r -> r.mustHold(specs.values()));
        return new Prepared(Map.copyOf(specs), builtIn.and(jars.types()));
    }

    /** References that stand in the scenario only because a spec is built on them. */
    private Set<String> basesOnly(BlobStore store) {
        Set<String> bases = new HashSet<>();
        scenario.specs()
                .values()
                .forEach(pin -> Specs.basesOf(store, pin.sha256()).forEach(base -> bases.add(base.reference())));
        scenario.gears().forEach(gear -> gear.config().text("spec").ifPresent(bases::remove));
        return bases;
    }

    private void requireSignedBases(BlobStore store, Bytes spec) {
        for (Specs.Filed base : Specs.basesOf(store, spec)) {
            Scenario.SpecPin pin = scenario.specs().get(base.reference());
            if (pin == null || !pin.sha256().equals(base.sha256())) {
                throw new FluxException(
                        ScenarioError.SPEC_CHANGED, "the scenario was not signed with base " + base.reference());
            }
        }
    }
}
