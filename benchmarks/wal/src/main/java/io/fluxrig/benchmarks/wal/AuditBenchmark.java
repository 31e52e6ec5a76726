package io.fluxrig.benchmarks.wal;

import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.LeafIndex;
import io.fluxrig.audit.LeafQuery;
import io.fluxrig.audit.Pinned;
import io.fluxrig.audit.Proofs;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Story;
import io.fluxrig.audit.Verdict;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.Vault;
import io.fluxrig.vault.VaultReader;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What an auditor waits for, on one log in one run: verification beside bare SHA-256 over the same bytes, proofs, questions, and what the tree costs while leaves are
 * appended. Arguments: directory, leaves.
 */
public final class AuditBenchmark {
    private static final PrintStream OUT = System.out;
    private static final FluxEntityId RACK = FluxEntityId.of(FluxEntityId.Type.RACK, 1, 1);
    private static final int QUESTIONS = 100;

    private final RackFiles files;
    private final Random random = new Random(1);
    private final long leaves;

    private AuditBenchmark(RackFiles files, long leaves) {
        this.files = files;
        this.leaves = leaves;
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        RackFiles files = new RackFiles(Path.of(args[0]), "bench");
        Files.createDirectories(files.directory());
        SigningKey root = SigningKey.generate(new SecureRandom());
        SigningKey rack = SigningKey.generate(new SecureRandom());
        Files.write(files.passport(), passport(root, rack));
        long wanted = Long.parseLong(args[1]);
        double took;
        try (VaultRun run = new VaultRun(
                files.directory(),
                "bench/vault/" + RACK.text() + "/1",
                rack,
                Vault.Journal.SNAPSHOT_BYTES,
                VaultRun.wal(files.directory()))) {
            took = run.fill(wanted);
        }
        OUT.printf("ingest       %,d leaves in %.1f s: %,.0f a second%n", wanted, took, wanted / took);
        AuditBenchmark benchmark = new AuditBenchmark(files, wanted);
        benchmark.verify(new Pinned(List.of(root.publicKey()), List.of(), Map.of()));
        benchmark.proofs();
        benchmark.questions();
        benchmark.tree(wanted / took, rack);
    }

    private static byte[] passport(SigningKey root, SigningKey rack) {
        FluxMap payload = FluxMap.builder()
                .put("type", "fluxrig/passport/1")
                .put("site", "bench")
                .put("name", "bench")
                .put("entity", RACK.value())
                .put("machines", Value.of(List.of(Value.of(1))))
                .put("key", rack.publicKey().raw())
                .put("generation", 1)
                .put("issued", 1_700_000_000L)
                .build();
        return SignedArtifact.sign("application/vnd.fluxrig.passport+cbor", FluxCbor.encode(payload), root);
    }

    private void verify(Pinned pinned) throws Exception {
        double bare = bareSha256();
        double bytes = bytes();
        long begin = System.nanoTime();
        Verdict verdict = AuditVerify.run(files, pinned, Optional.empty(), n -> {});
        double seconds = (System.nanoTime() - begin) / 1e9;
        // The scenario of the made-up leaves does not exist; everything else has to be intact.
        if (verdict.problems().stream().anyMatch(p -> !p.where().startsWith("scenario"))) {
            throw new IllegalStateException(verdict.problems().toString());
        }
        OUT.printf(
                "verify       %.2f GB in %.1f s: %.0f MB/s; bare SHA-256 of the same files, one core: %.0f MB/s; ratio %.2f%n",
                bytes / 1e9, seconds, bytes / seconds / 1e6, bare / 1e6, bytes / seconds / bare);
    }

    private double bytes() throws Exception {
        long all = 0;
        try (Stream<Path> segments = Files.list(files.wal())) {
            for (Path segment :
                    segments.filter(f -> f.toString().endsWith(".seg")).toList()) {
                all += Files.size(segment);
            }
        }
        return all;
    }

    private double bareSha256() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        long begin = System.nanoTime();
        try (Stream<Path> segments = Files.list(files.wal())) {
            for (Path segment :
                    segments.filter(f -> f.toString().endsWith(".seg")).toList()) {
                try (InputStream in = Files.newInputStream(segment)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
        }
        digest.digest();
        return bytes() / ((System.nanoTime() - begin) / 1e9);
    }

    private void proofs() {
        long begin = System.nanoTime();
        Proofs.inclusion(files, leaves / 2);
        double first = (System.nanoTime() - begin) / 1e9;
        Histogram micros = new Histogram(60_000_000L, 3);
        for (int i = 0; i < QUESTIONS; i++) {
            long n = random.nextLong(leaves);
            long start = System.nanoTime();
            Proofs.inclusion(files, n);
            micros.recordValue((System.nanoTime() - start) / 1000);
        }
        OUT.printf(
                "inclusion    the first makes the tree's files: %.1f s; then p50 %.1f ms, p99 %.1f ms from %,d leaves%n",
                first, micros.getValueAtPercentile(50) / 1e3, micros.getValueAtPercentile(99) / 1e3, leaves);
    }

    private void questions() {
        DataKeys keys = DataKeys.readOnly(files.dataKeys(), files.directory().resolve("kek"));
        long begin = System.nanoTime();
        LeafIndex index = LeafIndex.upToDate(files, keys, n -> {});
        double made = (System.nanoTime() - begin) / 1e9;
        Histogram micros = new Histogram(600_000_000L, 3);
        for (int i = 0; i < 10; i++) {
            long id = index.leaf(random.nextLong(leaves)).map(Leaf::id).orElseThrow();
            long start = System.nanoTime();
            if (Story.of(files, keys, id, n -> {}).size() != 2) {
                throw new IllegalStateException("a signal has two leaves here");
            }
            micros.recordValue((System.nanoTime() - start) / 1000);
        }
        List<Long> found = new ArrayList<>();
        LeafQuery.FieldIs absent = new LeafQuery.FieldIs(Set.of("41"), "TERM0002");
        long start = System.nanoTime();
        index.candidates(
                new LeafQuery(0, 0, 0, "", Long.MIN_VALUE, Long.MAX_VALUE, "", 0, List.of(absent)), 0, found::add);
        double byField = (System.nanoTime() - start) / 1e6;
        OUT.printf(
                "questions    the index is made in %.1f s; then a signal's story p50 %.0f ms, a field's value %.0f ms%n",
                made, micros.getValueAtPercentile(50) / 1e3, byField);
    }

    /** Hashing into the tree and signing each thousandth, beside the time that two cores spend on a leaf altogether. */
    private void tree(double ingestPerSecond, SigningKey key) {
        List<byte[]> encoded = new ArrayList<>();
        VaultReader.at(files.wal()).from(leaves / 2, leaf -> {
            encoded.add(leaf.bytes().toArray());
            return encoded.size() < 200_000;
        });
        double nanos = 0;
        for (int round = 0; round < 3; round++) {
            CompactRange tree = CompactRange.empty();
            long begin = System.nanoTime();
            for (int at = 0; at < encoded.size(); at += 1000) {
                List<byte[]> hashes = new ArrayList<>(1000);
                for (byte[] leaf : encoded.subList(at, Math.min(encoded.size(), at + 1000))) {
                    hashes.add(Hashes.leafHash(leaf));
                }
                tree = tree.appendAll(hashes);
                key.sign(tree.root());
            }
            nanos = (System.nanoTime() - begin) / (double) encoded.size();
        }
        double all = 2e9 / ingestPerSecond;
        OUT.printf(
                "tree         %.0f ns a leaf with its share of a signed checkpoint, of %.0f ns that two cores spend on a leaf: %.0f %%%n",
                nanos, all, 100 * nanos / all);
    }
}
