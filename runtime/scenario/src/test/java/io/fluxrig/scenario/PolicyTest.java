package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.scenario.Policy.Grant;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignalError;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may sign what for which Racks, and what an attacker with a valid key for something else gets. */
class PolicyTest {
    private static final String SITE = "test.example";
    private static final Instant NOW = Instant.ofEpochSecond(Workbench.NOW);

    @TempDir
    Path folder;

    private final SigningKey root = SigningKey.generate(new SecureRandom());
    private final SigningKey second = SigningKey.generate(new SecureRandom());
    private Workbench bench;

    @BeforeEach
    void setUp() {
        bench = new Workbench(folder);
    }

    private static void refused(ErrorCode code, Runnable attempt) {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(attempt::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private static Grant grant(int threshold, SigningKey... keys) {
        return grant(threshold, List.of(), List.of(), keys);
    }

    private static Grant grant(int threshold, List<String> scenarios, List<RackRef> racks, SigningKey... keys) {
        List<Bytes> raw = Arrays.stream(keys).map(k -> k.publicKey().raw()).toList();
        return new Grant("release", raw, threshold, scenarios, racks, Optional.empty(), Optional.empty());
    }

    private Policy policy(long version, Grant... grants) {
        return new Policy(SITE, version, Workbench.NOW, Optional.empty(), List.of(grants), Set.of(), Map.of());
    }

    private Policy.Verified verified(Policy policy) {
        return Policy.verify(policy.sign(root), List.of(root.publicKey()), SITE);
    }

    private VerifiedScenario verify(byte[] artifact, Policy policy) {
        Authority authority = new Authority(
                bench.trust,
                Optional.of(verified(policy)),
                Optional.of(new Authority.Rack("rack-a", Map.of("zone", "north"))));
        return VerifiedScenario.verify(artifact, authority, SITE, NOW);
    }

    @Test
    void whatWasSignedIsWhatIsVerified() {
        Policy policy = new Policy(
                SITE,
                7,
                Workbench.NOW,
                Optional.of(Workbench.NOW + 10),
                List.of(grant(
                        1, List.of("payment-switch"), List.of(new RackRef(Optional.of("rack-a"), Map.of())), root)),
                Set.of(second.publicKey().kid()),
                Map.of("payment-switch", 4L));
        assertThat(verified(policy).policy()).isEqualTo(policy);
    }

    @Test
    void everyChangedByteIsRefused() {
        byte[] file = policy(1, grant(1, bench.key)).sign(root);
        for (int at = 0; at < file.length; at++) {
            byte[] changed = file.clone();
            changed[at] ^= 1;
            assertThatExceptionOfType(FluxException.class)
                    .as("byte " + at)
                    .isThrownBy(() -> Policy.verify(changed, List.of(root.publicKey()), SITE));
        }
    }

    @Test
    void onlyARootKeySignsPolicies() {
        byte[] file = policy(1, grant(1, bench.key)).sign(bench.key);
        refused(SignalError.UNTRUSTED_KEY, () -> Policy.verify(file, List.of(root.publicKey()), SITE));
    }

    @Test
    void aPolicyOfAnotherSiteIsRefused() {
        byte[] file = policy(1, grant(1, bench.key)).sign(root);
        refused(ScenarioError.SITE, () -> Policy.verify(file, List.of(root.publicKey()), "other.example"));
    }

    @Test
    void aPolicyIsNeverRolledBack() {
        Policy.Verified three = verified(policy(3, grant(1, bench.key)));
        assertThat(Policy.mayFollow(Optional.empty(), three, NOW)).isTrue();
        assertThat(Policy.mayFollow(Optional.of(three), three, NOW)).isFalse();
        Policy.Verified two = verified(policy(2, grant(1, bench.key)));
        refused(ScenarioError.POLICY_ROLLBACK, () -> Policy.mayFollow(Optional.of(three), two, NOW));
        Policy.Verified other = verified(policy(3, grant(1, second)));
        refused(ScenarioError.EQUIVOCATION, () -> Policy.mayFollow(Optional.of(three), other, NOW));
    }

    @Test
    void pinnedKeysCountForNothingWhereAPolicyNamesOthers() {
        refused(SignalError.UNTRUSTED_KEY, () -> verify(bench.sign(1), policy(1, grant(1, second))));
    }

    @Test
    void keysRotateWithoutAGap() {
        Policy both = policy(1, grant(1, bench.key, second));
        byte[] old = bench.sign(1);
        byte[] fresh = SignedArtifact.addSignature(old, Scenario.CONTENT_TYPE, second);
        assertThat(verify(old, both).identity()).isEqualTo(verify(fresh, both).identity());
        Policy afterwards = policy(2, grant(1, second));
        assertThat(verify(fresh, afterwards).scenario().serial()).isEqualTo(1);
        refused(SignalError.UNTRUSTED_KEY, () -> verify(old, afterwards));
    }

    @Test
    void aThresholdCountsDistinctKeysOnce() {
        Policy two = policy(1, grant(2, bench.key, second));
        byte[] one = bench.sign(1);
        refused(ScenarioError.NOT_GRANTED, () -> verify(one, two));
        assertThat(verify(SignedArtifact.addSignature(one, Scenario.CONTENT_TYPE, second), two)
                        .identity())
                .isEqualTo(VerifiedScenario.claimedIdentity(one).orElseThrow());
        refused(ScenarioError.POLICY, () -> grant(2, bench.key, bench.key));
        refused(SignalError.ARTIFACT, () -> {
            byte[] twice = Arrays.copyOf(one, 2 * one.length);
            System.arraycopy(one, 0, twice, one.length, one.length);
            verify(twice, two);
        });
    }

    @Test
    void aRevokedKeySignsNothingMore() {
        Policy revoked = new Policy(
                SITE,
                1,
                Workbench.NOW,
                Optional.empty(),
                List.of(grant(1, bench.key, second)),
                Set.of(bench.key.publicKey().kid()),
                Map.of());
        byte[] artifact = bench.sign(1);
        refused(ScenarioError.REVOKED, () -> verify(artifact, revoked));
        verify(SignedArtifact.addSignature(artifact, Scenario.CONTENT_TYPE, second), revoked);
    }

    @Test
    void aKeyForAnotherScenarioOrRackOrTimeIsRefused() {
        RackRef south = new RackRef(Optional.empty(), Map.of("zone", "south"));
        RackRef north = new RackRef(Optional.empty(), Map.of("zone", "north"));
        byte[] artifact = bench.sign(1);
        refused(
                ScenarioError.NOT_GRANTED,
                () -> verify(artifact, policy(1, grant(1, List.of("meters"), List.of(), bench.key))));
        refused(
                ScenarioError.NOT_GRANTED,
                () -> verify(artifact, policy(1, grant(1, List.of(), List.of(south), bench.key))));
        verify(artifact, policy(1, grant(1, List.of(), List.of(north), bench.key)));
        List<Bytes> keys = List.of(bench.key.publicKey().raw());
        Grant over = new Grant("old", keys, 1, List.of(), List.of(), Optional.empty(), Optional.of(Workbench.NOW));
        Grant early = new Grant("new", keys, 1, List.of(), List.of(), Optional.of(Workbench.NOW + 1), Optional.empty());
        refused(ScenarioError.NOT_GRANTED, () -> verify(artifact, policy(1, over, early)));
    }

    @Test
    void aRootKeyNeverSignsAScenarioWhateverAPolicySays() {
        byte[] artifact = SignedArtifact.sign(
                Scenario.CONTENT_TYPE,
                SignedArtifact.parse(bench.sign(1), Scenario.CONTENT_TYPE)
                        .payload()
                        .toArray(),
                root);
        refused(ScenarioError.NOT_GRANTED, () -> verify(artifact, policy(1, grant(1, root))));
    }

    @Test
    void nothingNewIsActivatedUnderAnExpiredPolicy() {
        Policy over = new Policy(
                SITE,
                1,
                Workbench.NOW - 10,
                Optional.of(Workbench.NOW),
                List.of(grant(1, bench.key)),
                Set.of(),
                Map.of());
        refused(ScenarioError.POLICY_EXPIRED, () -> verify(bench.sign(1), over));
        refused(ScenarioError.EXPIRED, () -> Policy.mayFollow(Optional.empty(), verified(over), NOW));
    }

    @Test
    void aPolicyIsReadFromYamlWithEveryMistakeAtOnce() throws Exception {
        Files.writeString(folder.resolve("a.pem"), bench.key.publicKey().pem());
        Path good = Files.writeString(folder.resolve("policy.yaml"), """
                version: 4
                expires: 2027-01-01T00:00:00Z
                grants:
                  - { name: release, keys: [a.pem], scenarios: [payment-switch], racks: [{ labels: { zone: north } }] }
                resets: { payment-switch: 9 }
                """);
        Policy policy = PolicyFile.read(good, SITE, 1).policy().orElseThrow();
        assertThat(policy.version()).isEqualTo(4);
        assertThat(policy.resets()).containsEntry("payment-switch", 9L);
        assertThat(policy.grants().getFirst().racks().getFirst().labels()).containsEntry("zone", "north");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "version: x\nexpires: tomorrow\ngrant: []\n");
        assertThat(PolicyFile.read(bad, SITE, 1).findings()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void oldContentIsSignedInAdvanceUnderTheNextSerial() {
        byte[] old = bench.sign(5);
        ScenarioSigner.Terms terms = new ScenarioSigner.Terms(OptionalLong.empty(), Workbench.NOW, Optional.empty());
        Scenario back = Scenario.claimedBy(ScenarioSigner.signReturn(old, bench.data, bench.key, terms))
                .orElseThrow();
        Scenario was = Scenario.claimedBy(old).orElseThrow();
        assertThat(back.serial()).isEqualTo(6);
        assertThat(back.gears()).isEqualTo(was.gears());
        assertThat(back.returns()).isEqualTo(VerifiedScenario.claimedIdentity(old));
    }
}
