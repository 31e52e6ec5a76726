package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.CodePin;
import io.fluxrig.scenario.Scenario.SpecPin;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes an artifact of a blueprint: files its specs, pins every hash, and signs. The same inputs give the same bytes. */
public final class ScenarioSigner {
    private ScenarioSigner() {}

    /** What a signer decides. Without a serial: the highest signed or accepted here, plus one. */
    public record Terms(OptionalLong serial, long issued, Optional<Long> expires) {}

    public static byte[] sign(Blueprint blueprint, GearJars jars, DataDir data, SigningKey key, Terms terms) {
        Map<String, SpecPin> specs = new HashMap<>();
        for (String reference : blueprint.specs()) {
            pin(blueprint, data, reference, specs);
        }
        blueprint
                .residency()
                .ifPresent(r -> r.mustHold(blueprint.specs().stream()
                        .map(reference ->
                                Specs.open(data.blobs(), specs.get(reference).sha256()))
                        .toList()));
        Map<String, CodePin> code = new HashMap<>();
        blueprint
                .gears()
                .forEach(gear ->
                        Optional.ofNullable(jars.pins().get(gear.type())).ifPresent(pin -> code.put(gear.type(), pin)));
        long serial = terms.serial().orElseGet(() -> lastSerial(data, blueprint.name()) + 1);
        Scenario scenario = new Scenario(
                data.site(),
                blueprint.name(),
                blueprint.version(),
                serial,
                terms.issued(),
                terms.expires(),
                blueprint.racks(),
                blueprint.gears(),
                blueprint.wires(),
                specs,
                code,
                blueprint.limits(),
                blueprint.residency(),
                blueprint.meta());
        return signed(scenario, data, key);
    }

    /** A blueprint in the shape of a scenario, unsigned and without pins: to look at and to compare, never to run. */
    public static Scenario draft(Blueprint blueprint) {
        return new Scenario(
                "draft",
                blueprint.name(),
                blueprint.version(),
                0,
                0,
                Optional.empty(),
                blueprint.racks(),
                blueprint.gears(),
                blueprint.wires(),
                Map.of(),
                Map.of(),
                blueprint.limits(),
                blueprint.residency(),
                blueprint.meta());
    }

    /** The content of an artifact again under a new serial, so that somebody without a key can bring it back. Its specs need not be here. */
    public static byte[] signReturn(byte[] old, DataDir data, SigningKey key, Terms terms) {
        Scenario was = Scenario.claimedBy(old)
                .orElseThrow(() -> new FluxException(ScenarioError.FORM, "this is not a scenario artifact"));
        if (!was.site().equals(data.site())) {
            throw new FluxException(ScenarioError.SITE, "it is of site '" + was.site() + "'");
        }
        long serial = terms.serial().orElseGet(() -> Math.max(lastSerial(data, was.name()), was.serial()) + 1);
        Bytes identity = VerifiedScenario.claimedIdentity(old).orElseThrow();
        Scenario again = new Scenario(
                was.site(),
                was.name(),
                was.version(),
                serial,
                terms.issued(),
                terms.expires(),
                was.racks(),
                was.gears(),
                was.wires(),
                was.specs(),
                was.code(),
                was.limitsMap(),
                was.residency(),
                was.meta().with(Scenario.RETURNS, new Value.Bin(identity)));
        return signed(again, data, key);
    }

    private static byte[] signed(Scenario scenario, DataDir data, SigningKey key) {
        byte[] artifact = SignedArtifact.sign(Scenario.CONTENT_TYPE, FluxCbor.encode(scenario.toPayload()), key);
        remember(data, scenario.name(), scenario.serial());
        return artifact;
    }

    private static void pin(Blueprint blueprint, DataDir data, String reference, Map<String, SpecPin> specs) {
        Bytes hash;
        if (reference.contains(":")) {
            hash = data.blobs()
                    .resolve(reference)
                    .orElseThrow(() -> new FluxException(
                            ScenarioError.SPEC, "'" + reference + "' is not in the store: import it first"));
        } else {
            hash = Specs.importInto(data.blobs(), ScenarioFile.besideScenario(blueprint.file(), reference))
                    .spec()
                    .sha256();
        }
        specs.put(reference, new SpecPin(hash, data.blobs().get(hash).length));
        Specs.basesOf(data.blobs(), hash)
                .forEach(base -> specs.put(base.reference(), new SpecPin(base.sha256(), base.size())));
    }

    /** The highest serial that was signed with this data directory; 0 for none. */
    public static long lastSerial(DataDir data, String scenario) {
        Path file = data.signedSerial(scenario);
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            throw new FluxException(ScenarioError.DATA_DIR, file + " does not hold a serial: give --serial", e);
        }
    }

    private static void remember(DataDir data, String scenario, long serial) {
        Path file = data.signedSerial(scenario);
        if (serial <= lastSerial(data, scenario)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling(scenario + ".new");
            Files.writeString(temporary, serial + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FluxException(ScenarioError.DATA_DIR, file + " cannot be written", e);
        }
    }
}
