package io.fluxrig.cli;

import static io.fluxrig.cli.DemoTest.fluxrig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.BundleVerify;
import io.fluxrig.audit.Proofs;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalRecord;
import io.fluxrig.wal.WalScan;
import io.fluxrig.wal.WalSettings;
import io.fluxrig.wal.WalWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an outsider gets and can check with nothing else. More mutations: {@code -Dmutations=all}. */
class EvidenceTest {
    private static final long SEED = Long.getLong("mutations.seed", 1);
    private static final boolean ALL = "all".equals(System.getProperty("mutations"));

    @TempDir
    private static Path folder;

    private static Path data;
    private static Path bundle;
    private static Trust trust;
    private static long size;

    @BeforeAll
    static void aShortDay() throws IOException {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        DemoTest.Ran demo = fluxrig("demo", "--duration", "2s", "--rate", "60", "--json", "--data", data.toString());
        assertThat(demo.exit()).as(demo.err()).isZero();
        size = fluxrig("audit", "verify", "--data", data.toString(), "--json")
                .json()
                .path("leaves")
                .asLong();
        trust = Trust.load(data.resolve("trust"));
        bundle = export("part", "100", "300");
    }

    private static Path export(String name, String from, String to) {
        Path out = folder.resolve(name + ".evidence.zip");
        DemoTest.Ran ran = fluxrig(
                "audit", "export", "--data", data.toString(), "--from", from, "--to", to, "--out", out.toString());
        assertThat(ran.exit()).as(ran.err()).isZero();
        return out;
    }

    private static Verdict verify(Path file) {
        try (Bundle open = Bundle.open(file)) {
            return BundleVerify.run(open, PinnedKeys.in(Optional.of(data.resolve("trust"))), n -> {});
        }
    }

    @Test
    void aBundleStandsOnItsOwn() throws IOException {
        Path moved = Files.copy(bundle, folder.resolve("moved.evidence.zip"));
        DemoTest.Ran verified = fluxrig(
                "audit",
                "verify",
                moved.toString(),
                "--trust",
                data.resolve("trust").toString(),
                "--json");
        assertThat(verified.exit()).as(verified.out()).isZero();
        assertThat(verified.json().path("leaves").asLong()).isEqualTo(200);
        assertThat(verified.json().path("sealed").asLong()).isEqualTo(200);
        assertThat(verified.json().path("trust").asText()).isEqualTo("pinned");
        assertThat(verified.json().path("artifacts").asInt()).isEqualTo(1);
        assertThat(verified.json().path("specs").asInt()).isEqualTo(2);
        assertThat(fluxrig("audit", "verify", moved.toString(), "--json")
                        .json()
                        .path("trust")
                        .asText())
                .isEqualTo("none");
        assertThat(fluxrig("audit", "list", moved.toString(), "--json-lines")
                        .out()
                        .lines())
                .hasSize(200);
        assertThat(fluxrig("audit", "open", moved.toString(), "--json")
                        .json()
                        .path("treeSize")
                        .asLong())
                .as("the first checkpoint over the range, so that a log that grows gives the same bundle")
                .isBetween(300L, size);
    }

    @Test
    void theSameRangeGivesTheSameBytesAndAnyZipToolReadsThem() throws IOException {
        assertThat(export("again", "100", "300")).hasSameBinaryContentAs(bundle);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                zip.readAllBytes();
                names.add(entry.getName());
            }
        }
        assertThat(names)
                .startsWith("bundle.json", "records.cborseq", "range-proof.json", "checkpoint", "passport.cose")
                .hasSize(8);
    }

    @Test
    void emptyAndWholeRangesVerifyToo() {
        assertThat(verify(export("none", "7", "7")).intact()).isTrue();
        assertThat(verify(export("whole", "0", Long.toString(size))).intact()).isTrue();
        assertThat(verify(export("last", Long.toString(size - 1), Long.toString(size)))
                        .intact())
                .isTrue();
    }

    @Test
    void noByteOfABundleCanBeChangedTakenOutOrAddedUnseen() throws IOException {
        byte[] good = Files.readAllBytes(bundle);
        Random random = new Random(SEED);
        int tried = 0;
        // All of the container's heads and the small entries, and a sample of the records.
        for (int at = 0; at < good.length; at += stride(at, good.length, random)) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << random.nextInt(8));
            refused(bad, "byte " + at + " flipped, seed " + SEED);
            tried++;
        }
        for (int i = 0; i < 200; i++) {
            int at = random.nextInt(good.length - 64);
            int length = 1 + random.nextInt(63);
            byte[] shorter = new byte[good.length - length];
            System.arraycopy(good, 0, shorter, 0, at);
            System.arraycopy(good, at + length, shorter, at, shorter.length - at);
            refused(shorter, length + " bytes gone at " + at + ", seed " + SEED);
            byte[] longer = Arrays.copyOf(good, good.length + length);
            System.arraycopy(good, at, longer, at + length, good.length - at);
            refused(longer, length + " bytes twice at " + at + ", seed " + SEED);
        }
        System.out.println("bundle mutations caught: " + (tried + 400) + ", seed " + SEED);
    }

    private static int stride(int at, int length, Random random) {
        boolean head = at < 300 || at > length - 700;
        return ALL || head ? 1 : 1 + random.nextInt(at > length - 18_000 ? 20 : 200);
    }

    private static void refused(byte[] bytes, String how) throws IOException {
        Path file = folder.resolve("bad.evidence.zip");
        Files.write(file, bytes);
        boolean seen;
        try {
            seen = !verify(file).intact();
        } catch (FluxException refused) {
            seen = true;
        }
        assertThat(seen).as(how).isTrue();
    }

    @Test
    void everyFileOfARackIsWatched() throws IOException {
        Random random = new Random(SEED);
        Path rack = data.resolve("racks/rack-a");
        List<Path> watched = new ArrayList<>(List.of(rack.resolve("passport.cose")));
        watched.addAll(list(rack.resolve("checkpoints")));
        watched.addAll(list(data.resolve("blobs/sha256")));
        for (Path file : watched) {
            byte[] good = Files.readAllBytes(file);
            int rounds = ALL ? good.length : 6;
            for (int i = 0; i < rounds; i++) {
                byte[] bad = good.clone();
                int at = ALL ? i : random.nextInt(good.length);
                bad[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bad);
                assertThat(fluxrig("audit", "verify", "--data", data.toString(), "--json")
                                .exit())
                        .as(file.getFileName() + " byte " + at + ", seed " + SEED)
                        .isNotZero();
            }
            Files.write(file, Arrays.copyOf(good, good.length - 1));
            assertThat(fluxrig("audit", "verify", "--data", data.toString()).exit())
                    .isNotZero();
            Files.write(file, good);
        }
        assertThat(fluxrig("audit", "verify", "--data", data.toString()).exit()).isZero();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** Whoever knows the format can write a log in which every checksum fits. The tree under the signed checkpoints is what they cannot write. */
    @Test
    void aLogThatWasWrittenAgainWithMatchingChecksumsIsCaughtByTheTree() throws IOException {
        Path copy = folder.resolve("rewritten");
        DemoTest.copyOf(data, copy);
        Path wal = copy.resolve("racks/rack-a/wal");
        List<WalRecord> records = new ArrayList<>();
        WalScan.read(wal, records::add);
        for (Path file : list(wal)) {
            Files.delete(file);
        }
        boolean altered = false;
        try (Wal forged = Wal.open(WalSettings.defaults(wal, "rack-a"))) {
            for (WalRecord record : records) {
                byte[] payload = record.payload().clone();
                int at = new String(payload, StandardCharsets.ISO_8859_1).indexOf("outcome");
                if (!altered && at > 0) {
                    int sent = new String(payload, StandardCharsets.ISO_8859_1).indexOf("sent", at);
                    if (sent > 0) {
                        payload[sent] = 'S';
                        altered = true;
                    }
                }
                forged.append(List.of(WalWrite.of(
                                record.persistenceId(),
                                record.sequenceNr(),
                                record.serializerId(),
                                record.manifest(),
                                payload)))
                        .toCompletableFuture()
                        .join();
            }
        }
        assertThat(altered).isTrue();
        assertThat(fluxrig("wal", "check", "--data", copy.toString()).exit()).isZero();
        DemoTest.Ran verified = fluxrig("audit", "verify", "--data", copy.toString(), "--json");
        assertThat(verified.exit()).isEqualTo(3);
        assertThat(verified.json().path("problems").path(0).path("what").asText())
                .contains("root");
    }

    @Test
    void aProofHoldsForItsLeafAndForNoOther() throws IOException {
        Path proof = folder.resolve("proof.json");
        DemoTest.Ran proved =
                fluxrig("audit", "prove", "--leaf", "150", "--out", proof.toString(), "--data", data.toString());
        assertThat(proved.exit()).as(proved.err()).isZero();
        String json = Files.readString(proof);
        assertThat(json)
                .startsWith("{\"leafIndex\":150,\"treeSize\":" + size + ",\"leaf\":\"")
                .endsWith("\"}\n");
        assertThat(json.trim()).doesNotContain(" \"").doesNotContain("\": ");
        String trustDir = data.resolve("trust").toString();
        assertThat(fluxrig("audit", "check-proof", proof.toString(), "--trust", trustDir, "--json")
                        .json()
                        .path("trust")
                        .asText())
                .isEqualTo("pinned");
        assertThat(fluxrig(
                                "audit",
                                "check-proof",
                                proof.toString(),
                                "--key",
                                data.resolve("keys/rack-a.pub.pem").toString())
                        .exit())
                .isZero();
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] bad = json.getBytes(StandardCharsets.UTF_8);
            int at = random.nextInt(bad.length - 2);
            bad[at] ^= 1;
            Files.write(proof, bad);
            assertThat(fluxrig("audit", "check-proof", proof.toString(), "--trust", trustDir)
                            .exit())
                    .as("byte " + at + ", seed " + SEED)
                    .isEqualTo(3);
        }
    }

    @Test
    void everyLeafOfTheLogHasAProof() {
        var files = new RackFiles(data, "rack-a");
        for (long n = 0; n < size; n += 37) {
            Proofs.Inclusion proof = Proofs.inclusion(files, n);
            assertThat(Proofs.check(proof, trust.root(), Optional.empty()).pinned())
                    .isTrue();
        }
    }

    @Test
    void oneCheckpointLeadsToAnotherAndAForeignOneDoesNot() throws IOException {
        List<Path> checkpoints = list(data.resolve("racks/rack-a/checkpoints"));
        Path proof = folder.resolve("consistency.json");
        DemoTest.Ran ran = fluxrig(
                "audit",
                "consistency",
                checkpoints.getFirst().toString(),
                checkpoints.getLast().toString(),
                "--out",
                proof.toString(),
                "--data",
                data.toString());
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(fluxrig("audit", "check-proof", proof.toString()).exit()).isZero();
        Path foreign = folder.resolve("foreign");
        Files.writeString(foreign, Files.readString(checkpoints.getFirst()).replace("local/", "other/"));
        assertThat(fluxrig(
                                "audit",
                                "consistency",
                                foreign.toString(),
                                checkpoints.getLast().toString(),
                                "--data",
                                data.toString())
                        .exit())
                .isEqualTo(3);
    }

    /** The script of docs/audit.md as it stands there: a shell, unzip, sha256sum, od and openssl, nothing of ours. */
    @Test
    void theScriptInTheAuditorsPageReachesTheSameVerdict() throws Exception {
        assumeTrue(there("unzip", "openssl", "sha256sum", "od"), "unzip, openssl, sha256sum and od are not all here");
        String page = Files.readString(Program.HOME.resolve("docs/audit.md"));
        int begin = page.indexOf("```bash\n") + 8;
        Path script = folder.resolve("audit.sh");
        Files.writeString(script, page.substring(begin, page.indexOf("```", begin)));
        Path root = list(data.resolve("trust/root")).getFirst();
        for (long n : new long[] {0, 1, 200, size - 1}) {
            Path one = export("one-" + n, Long.toString(n), Long.toString(n + 1));
            assertThat(run("bash", script.toString(), one.toString(), root.toString()))
                    .isEqualTo(0);
            byte[] bad = Files.readAllBytes(one);
            int at = new String(bad, StandardCharsets.ISO_8859_1).indexOf("dkind") + 6;
            bad[at] ^= 1;
            Path altered = Files.write(folder.resolve("altered.evidence.zip"), bad);
            assertThat(run("bash", script.toString(), altered.toString(), root.toString()))
                    .isNotZero();
        }
        Path foreign = folder.resolve("foreign.pem");
        fluxrig("keys", "generate", "--out", foreign.toString());
        assertThat(run(
                        "bash",
                        script.toString(),
                        folder.resolve("one-0.evidence.zip").toString(),
                        folder.resolve("foreign.pub.pem").toString()))
                .isNotZero();
    }

    private static boolean there(String... tools) throws Exception {
        for (String tool : tools) {
            if (run("bash", "-c", "command -v " + tool) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
