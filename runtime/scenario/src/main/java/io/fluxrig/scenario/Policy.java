package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may sign which scenarios for which Racks (docs/formats/policy.md), signed by a root key. While a policy is in force it alone decides; keys that are pinned for scenarios
 * count where there is none.
 *
 * @param version rises with every policy of the site; an older one is never taken again
 * @param issued unix seconds
 * @param expires unix seconds; from then on nothing new is activated, and what runs goes on
 * @param revoked ids of keys that count for nothing any more
 * @param resets by scenario name: the serial that counts as the highest from now on
 */
public record Policy(
        String site,
        long version,
        long issued,
        Optional<Long> expires,
        List<Grant> grants,
        Set<Bytes> revoked,
        Map<String, Long> resets) {

    public static final String CONTENT_TYPE = "application/vnd.fluxrig.policy+cbor";

    /**
     * Some keys, and what they may sign together.
     *
     * @param keys raw public keys
     * @param threshold how many of them must have signed
     * @param scenarios names; empty for all
     * @param racks empty for all
     * @param from unix seconds before which the grant does not hold
     * @param until unix seconds from which on it holds no more
     */
    public record Grant(
            String name,
            List<Bytes> keys,
            int threshold,
            List<String> scenarios,
            List<RackRef> racks,
            Optional<Long> from,
            Optional<Long> until) {
        public Grant {
            keys = List.copyOf(keys);
            scenarios = List.copyOf(scenarios);
            racks = List.copyOf(racks);
            if (!Names.isName(name) || keys.isEmpty() || threshold < 1 || threshold > new HashSet<>(keys).size()) {
                throw PolicyForm.refuse("grant '" + YamlShape.shorten(name)
                        + "' needs a name, keys, and a threshold between 1 and the number of its keys");
            }
        }

        boolean holdsAt(long now) {
            return from.map(f -> now >= f).orElse(true)
                    && until.map(u -> now < u).orElse(true);
        }
    }

    public Policy {
        grants = List.copyOf(grants);
        revoked = Set.copyOf(revoked);
        resets = Map.copyOf(resets);
        if (!Names.isSite(site) || version < 1 || resets.values().stream().anyMatch(n -> n < 0)) {
            throw PolicyForm.refuse("site, version or a reset is malformed");
        }
    }

    /** A proof: a pinned root key has signed this policy, and it is of this site. */
    public static final class Verified {
        private final Policy policy;
        private final Bytes identity;
        private final Set<Bytes> roots;

        private Verified(Policy policy, Bytes identity, Set<Bytes> roots) {
            this.policy = policy;
            this.identity = identity;
            this.roots = roots;
        }

        public Policy policy() {
            return policy;
        }

        /** SHA-256 of the payload. */
        public Bytes identity() {
            return identity;
        }

        /** A root key signs policies and passports, never scenarios, whatever a policy says. */
        boolean isRoot(Bytes key) {
            return roots.contains(key);
        }
    }

    public byte[] sign(SigningKey root) {
        return SignedArtifact.sign(CONTENT_TYPE, FluxCbor.encode(PolicyForm.toPayload(this)), root);
    }

    /** @throws FluxException where no pinned root key has signed it, or it is of another site or form */
    public static Verified verify(byte[] file, Collection<VerifyKey> roots, String site) {
        SignedArtifact.Verified verified = SignedArtifact.verify(file, CONTENT_TYPE, roots, 1);
        Policy policy = policyOf(verified.payload());
        if (!policy.site().equals(site)) {
            throw new FluxException(
                    ScenarioError.SITE, "the policy is of site '" + policy.site() + "', this is '" + site + "'");
        }
        Set<Bytes> raw = new HashSet<>();
        roots.forEach(root -> raw.add(root.raw()));
        return new Verified(policy, verified.identity(), raw);
    }

    /** What a file says; says nothing of trust. */
    public static Policy claimedBy(byte[] file) {
        return policyOf(SignedArtifact.parse(file, CONTENT_TYPE).payload());
    }

    private static Policy policyOf(Bytes payload) {
        Value value = FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF);
        if (value instanceof FluxMap map) {
            return PolicyForm.fromPayload(map);
        }
        throw PolicyForm.refuse("its payload is not a map");
    }

    /**
     * Whether a policy may follow the one in force; the same again is fine and not new.
     *
     * @throws FluxException POLICY_ROLLBACK, EQUIVOCATION or EXPIRED
     */
    public static boolean mayFollow(Optional<Verified> inForce, Verified next, Instant now) {
        if (inForce.isPresent() && inForce.get().identity().equals(next.identity())) {
            return false;
        }
        long known = inForce.map(v -> v.policy().version()).orElse(0L);
        if (next.policy().version() == known) {
            throw new FluxException(
                    ScenarioError.EQUIVOCATION, "another policy with version " + known + " is in force");
        }
        if (next.policy().version() < known) {
            throw new FluxException(
                    ScenarioError.POLICY_ROLLBACK, "version " + next.policy().version() + " after version " + known);
        }
        if (next.policy().expiredAt(now)) {
            throw new FluxException(ScenarioError.EXPIRED, "the policy has expired already");
        }
        return true;
    }

    boolean expiredAt(Instant now) {
        return expires.map(e -> now.getEpochSecond() >= e).orElse(false);
    }

    /** Every key of every grant that has not been revoked, by its id. */
    Map<Bytes, VerifyKey> keys() {
        Map<Bytes, VerifyKey> keys = new HashMap<>();
        grants.forEach(grant -> grant.keys().forEach(raw -> {
            VerifyKey key = VerifyKey.ofRaw(raw.toArray());
            keys.put(key.kid(), key);
        }));
        return keys;
    }
}
