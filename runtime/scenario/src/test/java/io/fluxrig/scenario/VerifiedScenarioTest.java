package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.Scenario.SpecPin;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SignalError;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiedScenarioTest {
    private static final Instant NOW = Instant.ofEpochSecond(Workbench.NOW);
    private static final String SITE = "test.example";

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void setUp() {
        bench = new Workbench(folder);
    }

    private VerifiedScenario verify(byte[] artifact) {
        return VerifiedScenario.verify(artifact, bench.trust, SITE, NOW);
    }

    private static void refused(ErrorCode code, Runnable attempt) {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(attempt::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private byte[] signed(FluxMap payload) {
        return SignedArtifact.sign(Scenario.CONTENT_TYPE, FluxCbor.encode(payload), bench.key);
    }

    private Path blob(Bytes hash) {
        return folder.resolve("data/blobs/sha256").resolve(hash.hex());
    }

    @Test
    void signingTheSameGivesTheSameBytes() throws IOException {
        byte[] first = bench.sign(7);
        assertThat(bench.sign(7)).isEqualTo(first);
        // Order in the file is for people: the artifact sorts.
        List<String> lines = new ArrayList<>(Files.readAllLines(bench.scenario));
        int wires = lines.indexOf("wires:");
        List<String> shuffled = new ArrayList<>(lines.subList(wires + 1, lines.size()));
        Collections.reverse(shuffled);
        List<String> again = new ArrayList<>(lines.subList(0, wires + 1));
        again.addAll(shuffled);
        Files.write(bench.scenario, again);
        assertThat(bench.sign(7)).isEqualTo(first);
        assertThat(bench.sign(8)).isNotEqualTo(first);
    }

    @Test
    void whatWasSignedIsWhatIsVerified() {
        VerifiedScenario verified = verify(bench.sign(7));
        Scenario scenario = verified.scenario();
        assertThat(scenario.site()).isEqualTo(SITE);
        assertThat(scenario.name()).isEqualTo("payment-switch");
        assertThat(scenario.serial()).isEqualTo(7);
        assertThat(scenario.issued()).isEqualTo(Workbench.NOW);
        assertThat(scenario.gears())
                .extracting(Scenario.GearDef::name)
                .isSorted()
                .hasSize(6);
        assertThat(scenario.wires()).hasSize(14);
        assertThat(verified.identity().toArray()).isEqualTo(Hashes.sha256(FluxCbor.encode(scenario.toPayload())));
        assertThat(Scenario.fromPayload(scenario.toPayload())).isEqualTo(scenario);
    }

    @Test
    void everySpecAndBaseIsPinnedWithItsHashAndSize() {
        Scenario scenario = verify(bench.sign(1)).scenario();
        assertThat(scenario.specs()).hasSize(2).containsKey("specs/payments.yaml");
        scenario.specs().forEach((reference, pin) -> {
            byte[] bytes = bench.data.blobs().get(pin.sha256());
            assertThat(pin.size()).isEqualTo(bytes.length);
            assertThat(pin.sha256().toArray()).isEqualTo(Hashes.sha256(bytes));
        });
    }

    @Test
    void withoutASerialTheNextOneIsTaken() {
        ScenarioSigner.Terms next =
                new ScenarioSigner.Terms(java.util.OptionalLong.empty(), Workbench.NOW, Optional.empty());
        byte[] first = ScenarioSigner.sign(bench.blueprint(), GearJars.none(), bench.data, bench.key, next);
        assertThat(verify(first).scenario().serial()).isEqualTo(1);
        bench.sign(41);
        byte[] later = ScenarioSigner.sign(bench.blueprint(), GearJars.none(), bench.data, bench.key, next);
        assertThat(verify(later).scenario().serial()).isEqualTo(42);
        assertThat(ScenarioSigner.lastSerial(bench.data, "payment-switch")).isEqualTo(42);
    }

    /** Attack A01. */
    @Test
    void anArtifactWithAnyByteChangedIsRefused() {
        byte[] good = bench.sign(1);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("VerifiedScenarioTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 + random.nextInt(255));
            assertThatExceptionOfType(FluxException.class)
                    .as("seed %s byte %s", seed, i)
                    .isThrownBy(() -> verify(bad));
        }
        verify(good);
    }

    @Test
    void anArtifactCutShortOrWithMoreBehindItIsRefused() {
        byte[] good = bench.sign(1);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Bytes.copyOf(good, 0, length).toArray();
            refused(SignalError.ARTIFACT, () -> verify(cut));
        }
        byte[] more = java.util.Arrays.copyOf(good, good.length + 1);
        refused(SignalError.ARTIFACT, () -> verify(more));
        byte[] twice = java.util.Arrays.copyOf(good, good.length * 2);
        System.arraycopy(good, 0, twice, good.length, good.length);
        refused(SignalError.ARTIFACT, () -> verify(twice));
    }

    /** Attack A03: the key may sign scenarios, and it did sign this, but as something else. */
    @Test
    void whatTheSameKeySignedAsAnotherTypeIsNoScenario() {
        Bytes key = bench.key.publicKey().raw();
        byte[] passport = new Passport(SITE, "rack-a", 1, List.of(1), key, 1, Workbench.NOW, Map.of()).sign(bench.key);
        refused(SignalError.ARTIFACT, () -> verify(passport));
        byte[] payload = SignedArtifact.parse(bench.sign(1), Scenario.CONTENT_TYPE)
                .payload()
                .toArray();
        byte[] asPassport = SignedArtifact.sign(Passport.CONTENT_TYPE, payload, bench.key);
        refused(SignalError.ARTIFACT, () -> verify(asPassport));
        byte[] asSpec = SignedArtifact.sign("application/vnd.fluxrig.spec+cbor", payload, bench.key);
        refused(SignalError.ARTIFACT, () -> verify(asSpec));
    }

    @Test
    void aPassportsPayloadSignedAsAScenarioIsNone() {
        FluxMap payload = FluxMap.builder()
                .put("type", "fluxrig/passport/1")
                .put("site", SITE)
                .put("name", "rack-a")
                .build();
        refused(ScenarioError.FORM, () -> verify(signed(payload)));
        refused(ScenarioError.FORM, () -> verify(signed(FluxMap.EMPTY)));
        byte[] text = SignedArtifact.sign(Scenario.CONTENT_TYPE, FluxCbor.encode(Value.of("x")), bench.key);
        refused(ScenarioError.FORM, () -> verify(text));
    }

    @Test
    void aKeyOfAnotherRoleOrNobodysKeyIsNotTrusted() {
        byte[] good = bench.sign(1);
        Trust rootOnly = new Trust(List.of(bench.key.publicKey()), List.of());
        refused(SignalError.UNTRUSTED_KEY, () -> VerifiedScenario.verify(good, rootOnly, SITE, NOW));
        refused(SignalError.UNTRUSTED_KEY, () -> VerifiedScenario.verify(good, Trust.none(), SITE, NOW));
        SigningKey stranger = SigningKey.generate(new SecureRandom());
        Trust other = new Trust(List.of(), List.of(stranger.publicKey()));
        refused(SignalError.UNTRUSTED_KEY, () -> VerifiedScenario.verify(good, other, SITE, NOW));
    }

    @Test
    void aScenarioOfAnotherSiteIsRefused() {
        byte[] good = bench.sign(1);
        refused(ScenarioError.SITE, () -> VerifiedScenario.verify(good, bench.trust, "other.example", NOW));
    }

    @Test
    void aScenarioExpiresInTheSecondItNames() {
        byte[] artifact = bench.sign(1, Optional.of(Workbench.NOW + 60));
        VerifiedScenario.verify(artifact, bench.trust, SITE, NOW.plusSeconds(59));
        refused(ScenarioError.EXPIRED, () -> VerifiedScenario.verify(artifact, bench.trust, SITE, NOW.plusSeconds(60)));
        VerifiedScenario.verify(bench.sign(2), bench.trust, SITE, Instant.MAX);
    }

    @Test
    void everyKeyOrShapeThatSigningDoesNotMakeIsRefused() {
        FluxMap good = verify(bench.sign(1)).scenario().toPayload();
        verify(signed(good));
        for (int i = 0; i < good.size(); i++) {
            String key = good.keyAt(i);
            refused(ScenarioError.FORM, () -> verify(signed(good.without(key))));
            refused(ScenarioError.FORM, () -> verify(signed(good.with(key, Value.NULL))));
        }
        refused(ScenarioError.FORM, () -> verify(signed(good.with("sudo", "yes"))));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("limits", FluxMap.EMPTY))));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("limits", FluxMap.of("requests", Value.of(0))))));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("serial", Value.of(-1)))));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("name", "../x"))));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("site", "Test.example"))));
        List<Value> gears = new ArrayList<>(((Value.Array) good.get("gears")).items());
        Collections.reverse(gears);
        refused(ScenarioError.FORM, () -> verify(signed(good.with("gears", Value.of(gears)))));
        List<Value> wires = new ArrayList<>(((Value.Array) good.get("wires")).items());
        wires.set(0, ((FluxMap) wires.getFirst()).with("lane", "fast"));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("wires", Value.of(wires)))));
        wires.set(0, ((FluxMap) wires.getFirst()).with("lane", "hot").with("to", "../x.in"));
        refused(ScenarioError.FORM, () -> verify(signed(good.with("wires", Value.of(wires)))));
    }

    @Test
    void preparingGivesEverySpecThatAGearNames() {
        VerifiedScenario verified = verify(bench.sign(1));
        VerifiedScenario.Prepared prepared = verified.prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none());
        assertThat(prepared.specs()).containsOnlyKeys("specs/payments.yaml");
        Spec spec = prepared.specs().get("specs/payments.yaml");
        assertThat(spec.sha256())
                .isEqualTo(
                        verified.scenario().specs().get("specs/payments.yaml").sha256());
    }

    @Test
    void aSpecNamedByItsHashIsPreparedWhereverItStandsInTheSettings() {
        Scenario scenario = verify(bench.sign(1)).scenario();
        Map<String, SpecPin> specs = new HashMap<>(scenario.specs());
        SpecPin pin = specs.remove("specs/payments.yaml");
        String byHash = "sha256:" + pin.sha256().hex();
        specs.put(byHash, pin);
        VerifiedScenario.Prepared prepared = verify(signed(withSpecs(scenario, specs)))
                .prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none());
        assertThat(prepared.specs()).containsOnlyKeys(byHash);
    }

    private static FluxMap withSpecs(Scenario s, Map<String, SpecPin> specs) {
        return new Scenario(
                        s.site(),
                        s.name(),
                        s.version(),
                        s.serial(),
                        s.issued(),
                        s.expires(),
                        s.racks(),
                        s.gears(),
                        s.wires(),
                        specs,
                        s.code(),
                        s.limitsMap(),
                        s.residency(),
                        s.meta())
                .toPayload();
    }

    /** Attack A05. */
    @Test
    void aSpecOrBaseChangedOnDiskIsRefusedAndQuarantined() throws IOException {
        byte[] artifact = bench.sign(1);
        for (SpecPin pin : verify(artifact).scenario().specs().values()) {
            byte[] bytes = Files.readAllBytes(blob(pin.sha256()));
            byte[] changed = bytes.clone();
            changed[changed.length - 2] ^= 1;
            Files.write(blob(pin.sha256()), changed);
            refused(
                    SpecError.HASH,
                    () -> verify(artifact).prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none()));
            assertThat(folder.resolve("data/quarantine").resolve(pin.sha256().hex()))
                    .hasBinaryContent(changed);
            refused(
                    SpecError.NO_BLOB,
                    () -> verify(artifact).prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none()));
            bench.data.blobs().put(bytes);
        }
        verify(artifact).prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none());
    }

    /** Attack A10: another spec file beside the scenario, or another base in the store, changes nothing of what was signed. */
    @Test
    void specsOfAnotherSetAreNotMixedIn() throws IOException {
        byte[] artifact = bench.sign(1);
        Path spec = folder.resolve("specs/payments.yaml");
        Files.writeString(spec, Files.readString(spec).replace("version: 1.0.0", "version: 2.0.0"));
        byte[] newer = bench.sign(2);
        assertThat(prepared(artifact).version()).isEqualTo("1.0.0");
        assertThat(prepared(newer).version()).isEqualTo("2.0.0");

        Scenario scenario = verify(artifact).scenario();
        Map<String, SpecPin> withoutBase = new HashMap<>(scenario.specs());
        withoutBase.keySet().removeIf(reference -> reference.startsWith("sha256:"));
        refused(ScenarioError.SPEC_CHANGED, () -> prepared(signed(withSpecs(scenario, withoutBase))));

        Map<String, SpecPin> otherSize = new HashMap<>(scenario.specs());
        otherSize.replaceAll((reference, pin) -> new SpecPin(pin.sha256(), pin.size() + 1));
        refused(ScenarioError.SPEC_CHANGED, () -> prepared(signed(withSpecs(scenario, otherSize))));

        Map<String, SpecPin> otherBase = new HashMap<>(scenario.specs());
        SpecPin elsewhere = verify(newer).scenario().specs().get("specs/payments.yaml");
        otherBase.replaceAll((reference, pin) -> reference.startsWith("sha256:") ? elsewhere : pin);
        refused(ScenarioError.SPEC_CHANGED, () -> prepared(signed(withSpecs(scenario, otherBase))));
    }

    private Spec prepared(byte[] artifact) {
        return verify(artifact)
                .prepare(bench.data.blobs(), Workbench.TYPES, GearJars.none())
                .specs()
                .get("specs/payments.yaml");
    }

    @Test
    void aSpecThatChangesUnderTheSameVersionIsNotSigned() throws IOException {
        bench.sign(1);
        Path spec = folder.resolve("specs/payments.yaml");
        Files.writeString(spec, Files.readString(spec).replace("Demo payments", "Other payments"));
        refused(SpecError.TAG_MOVED, () -> bench.sign(2));
    }

    @Test
    void codeThatIsNotHereIsNotRun() {
        FluxMap good = verify(bench.sign(1)).scenario().toPayload();
        FluxMap pin = FluxMap.builder()
                .put("version", "1.0.0")
                .put("sha256", Bytes.wrap(new byte[32]))
                .build();
        VerifiedScenario verified = verify(signed(good.with("code", FluxMap.of("router", pin))));
        GearTypes types = Workbench.TYPES;
        refused(ScenarioError.CODE_CHANGED, () -> verified.prepare(bench.data.blobs(), types, GearJars.none()));
    }
}
