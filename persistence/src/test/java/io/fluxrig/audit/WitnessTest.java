package io.fluxrig.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.Cosignature;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.HashRange;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.MerkleProof;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F28, F29, A30, A36: whoever remembers a log sees that it was rolled back, cloned or written again. */
class WitnessTest {
    private static final FluxEntityId RACK = FluxEntityId.of(FluxEntityId.Type.RACK, 1, 1);
    private static final String ORIGIN = "example/vault/" + RACK.text() + "/1";
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000L), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private final SigningKey root = SigningKey.generate(new SecureRandom());
    private final SigningKey rack = SigningKey.generate(new SecureRandom());
    private final SigningKey own = SigningKey.generate(new SecureRandom());
    private Witness witness;

    /** A log of leaves whose content is a word, so that two histories can differ. */
    private record Log(List<byte[]> hashes) implements HashRange {
        static Log of(String history, int leaves) {
            List<byte[]> all = new ArrayList<>();
            for (int n = 0; n < leaves; n++) {
                all.add(Hashes.leafHash((history + n).getBytes(StandardCharsets.UTF_8)));
            }
            return new Log(all);
        }

        /** This log, and from there on another history. */
        Log continued(String history, int leaves) {
            List<byte[]> all = new ArrayList<>(hashes);
            all.addAll(of(history, leaves).hashes().subList(hashes.size(), leaves));
            return new Log(all);
        }

        Checkpoint checkpoint() {
            byte[] tree = CompactRange.empty().appendAll(hashes).root();
            return new Checkpoint(ORIGIN, hashes.size(), Bytes.wrap(tree));
        }

        List<Bytes> proofFrom(int size) {
            return MerkleProof.consistency(size, hashes.size(), this).stream()
                    .map(Bytes::wrap)
                    .toList();
        }

        @Override
        public byte[] subtree(int level, long index) {
            int from = (int) (index << level);
            return CompactRange.empty()
                    .appendAll(hashes.subList(from, from + (1 << level)))
                    .root();
        }
    }

    @BeforeEach
    void pinsTheRoot() throws IOException {
        Path trust = Files.createDirectories(directory.resolve("trust/root"));
        root.writePem(directory.resolve("root.pem"));
        Files.copy(directory.resolve("root.pub.pem"), trust.resolve("root.pub.pem"));
        witness = new Witness(directory, "auditor.example", own, CLOCK);
    }

    private byte[] passport(SigningKey signer, SigningKey key) {
        FluxMap payload = FluxMap.builder()
                .put("type", "fluxrig/passport/1")
                .put("site", "example")
                .put("name", "rack-a")
                .put("entity", RACK.value())
                .put("machines", Value.of(List.of(Value.of(1))))
                .put("key", key.publicKey().raw())
                .put("generation", 1)
                .put("issued", 1_700_000_000L)
                .build();
        return SignedArtifact.sign("application/vnd.fluxrig.passport+cbor", FluxCbor.encode(payload), signer);
    }

    private Witness.Answer shown(Log log, long from, List<Bytes> proof) {
        return witness.see(log.checkpoint().sign(rack), from, proof);
    }

    private static String base64(Log log) {
        return Base64.getEncoder().encodeToString(log.checkpoint().root().toArray());
    }

    private static Succession whyNot(Witness.Answer answer) {
        assertThat(answer).isInstanceOf(Witness.Refused.class);
        return ((Witness.Refused) answer).why();
    }

    @Test
    void aLogThatGrowsIsCountersignedEachTime() {
        assertThat(witness.admit(passport(root, rack))).isEqualTo(ORIGIN);
        Log small = Log.of("a", 5);
        assertThat(shown(small, 0, List.of())).isInstanceOf(Witness.Cosigned.class);
        Log large = Log.of("a", 1000);
        Witness.Answer answer = shown(large, 5, large.proofFrom(5));
        String line = ((Witness.Cosigned) answer).line();
        byte[] note = Checkpoint.withLines(large.checkpoint().sign(rack), line);
        assertThat(Cosignature.seenAt(Checkpoint.parse(note), "auditor.example", own.publicKey()))
                .contains(1_800_000_000L);
        assertThat(shown(large, 0, List.of())).as("the same again").isInstanceOf(Witness.Cosigned.class);
    }

    @Test
    void whatItRememberedOutlivesItsProcess() {
        witness.admit(passport(root, rack));
        shown(Log.of("a", 500), 0, List.of());
        witness = new Witness(directory, "auditor.example", own, CLOCK);
        assertThat(whyNot(shown(Log.of("b", 600), 0, List.of()))).isEqualTo(new Succession.ProofDue(500));
    }

    @Test
    void aDiskThatWasPutBackIsSeen() {
        witness.admit(passport(root, rack));
        shown(Log.of("a", 500), 0, List.of());
        assertThat(whyNot(shown(Log.of("a", 400), 0, List.of()))).isEqualTo(new Succession.RolledBack(500));
    }

    @Test
    void aCloneThatWentOnByItselfIsSeen() {
        witness.admit(passport(root, rack));
        Log common = Log.of("a", 300);
        shown(common.continued("original", 500), 0, List.of());
        Log clone = common.continued("clone", 600);
        assertThat(whyNot(shown(clone, 500, clone.proofFrom(500)))).isEqualTo(new Succession.Forked(500));
    }

    @Test
    void twoRootsForOneSizeAreKeptAsEvidence() throws IOException {
        witness.admit(passport(root, rack));
        shown(Log.of("a", 300), 0, List.of());
        Witness.Answer answer = shown(Log.of("b", 300), 0, List.of());
        assertThat(whyNot(answer)).isEqualTo(new Succession.Forked(300));
        String evidence = Files.readString(((Witness.Refused) answer).evidence().orElseThrow());
        assertThat(evidence).contains(base64(Log.of("a", 300)), base64(Log.of("b", 300)));
    }

    @Test
    void aProofOfAnotherSizeOrWithAChangedHashDoesNotHold() {
        witness.admit(passport(root, rack));
        shown(Log.of("a", 300), 0, List.of());
        Log large = Log.of("a", 700);
        assertThat(whyNot(shown(large, 299, large.proofFrom(299)))).isEqualTo(new Succession.ProofDue(300));
        List<Bytes> changed = new ArrayList<>(large.proofFrom(300));
        changed.set(0, Bytes.wrap(Hashes.sha256()));
        assertThat(whyNot(shown(large, 300, changed))).isEqualTo(new Succession.Forked(300));
        assertThat(shown(large, 300, large.proofFrom(300)))
                .as("nothing was lost by it")
                .isInstanceOf(Witness.Cosigned.class);
    }

    @Test
    void onlyKnownRacksAreWitnessedAndOnlyUnderTheirOwnKey() {
        assertThat(shown(Log.of("a", 3), 0, List.of())).isInstanceOf(Witness.Stranger.class);
        assertThatThrownBy(() -> witness.admit(passport(rack, rack))).isInstanceOf(FluxException.class);
        witness.admit(passport(root, rack));
        assertThatThrownBy(() -> witness.admit(passport(root, own))).isInstanceOf(FluxException.class);
        byte[] forged = Log.of("a", 3).checkpoint().sign(own);
        assertThatThrownBy(() -> witness.see(forged, 0, List.of())).isInstanceOf(FluxException.class);
    }

    @Test
    void aRequestIsReadAsItWasWritten() {
        Log log = Log.of("a", 77);
        WitnessRequest request = new WitnessRequest(
                9, log.proofFrom(9), Bytes.wrap(log.checkpoint().sign(rack)));
        assertThat(WitnessRequest.parse(request.encode())).isEqualTo(request);
        for (String bad :
                List.of("", "old 1", "old x\n\nnote\n", "old 01\n\nnote\n", "old 1\nAA==\n\nnote\n", "new 1\n\nn\n")) {
            assertThatThrownBy(() -> WitnessRequest.parse(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(FluxException.class);
        }
    }
}
