package io.fluxrig.scenario;

import io.fluxrig.scenario.Policy.Grant;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.VerifyKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose signatures count on a machine: those of the policy in force, or of the pinned keys where there is none.
 *
 * @param rack where the scenario is to run; empty where only the artifact itself is looked at
 */
public record Authority(Trust trust, Optional<Policy.Verified> policy, Optional<Rack> rack) {
    /** A Rack's name and labels. */
    public record Rack(String name, Map<String, String> labels) {}

    public static Authority pinned(Trust trust) {
        return new Authority(trust, Optional.empty(), Optional.empty());
    }

    /** The signatures before anything in the payload is believed. */
    SignedArtifact.Verified signatures(byte[] file, Instant now) {
        if (policy.isPresent() && policy.get().policy().expiredAt(now)) {
            throw new FluxException(
                    ScenarioError.POLICY_EXPIRED,
                    "policy " + policy.get().policy().version() + " in force has expired");
        }
        Collection<VerifyKey> keys = policy.<Collection<VerifyKey>>map(
                        p -> p.policy().keys().values())
                .orElse(trust.scenario());
        return SignedArtifact.verify(file, Scenario.CONTENT_TYPE, keys, 1);
    }

    /** @throws FluxException REVOKED or NOT_GRANTED */
    void permit(Scenario scenario, SignedArtifact.Verified verified, Instant now) {
        if (policy.isEmpty()) {
            return;
        }
        Policy.Verified inForce = policy.get();
        Set<Bytes> signers = new HashSet<>(verified.signers());
        signers.removeAll(inForce.policy().revoked());
        if (signers.isEmpty()) {
            throw new FluxException(ScenarioError.REVOKED, "every key that has signed it was revoked");
        }
        List<Grant> fitting = inForce.policy().grants().stream()
                .filter(grant -> fits(grant, scenario, now.getEpochSecond()))
                .toList();
        boolean granted = fitting.stream().anyMatch(grant -> counted(grant, signers) >= grant.threshold());
        if (!granted) {
            throw new FluxException(
                    ScenarioError.NOT_GRANTED,
                    fitting.isEmpty()
                            ? "policy " + inForce.policy().version() + " lets nobody sign '" + scenario.name()
                                    + "' for here now"
                            : "its " + signers.size() + " signatures are not those that grant '"
                                    + fitting.getFirst().name() + "' asks for");
        }
    }

    private boolean fits(Grant grant, Scenario scenario, long now) {
        boolean named = grant.scenarios().isEmpty() || grant.scenarios().contains(scenario.name());
        boolean here = grant.racks().isEmpty()
                || rack.isEmpty()
                || grant.racks().stream()
                        .anyMatch(r -> r.matches(rack.get().name(), rack.get().labels()));
        return named && here && grant.holdsAt(now);
    }

    /** Each key once, however often it stands in the grant; a root key not at all. */
    private long counted(Grant grant, Set<Bytes> signers) {
        return grant.keys().stream()
                .filter(raw -> !policy.orElseThrow().isRoot(raw))
                .map(raw -> VerifyKey.ofRaw(raw.toArray()).kid())
                .distinct()
                .filter(signers::contains)
                .count();
    }
}
