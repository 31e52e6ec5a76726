package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.RangeProof;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Writes evidence bundles (FORMATS section 8): the same range of the same log gives the same bytes. */
public final class Evidence {
    private static final String SCENARIO = "application/vnd.fluxrig.scenario+cbor";
    /** What a container without extensions can hold, with room for everything else. */
    private static final long MAX_RECORDS = 4_000_000_000L;

    private final RackFiles files;
    private final SignedPassport passport;
    private final Checkpoint checkpoint;
    private final byte[] note;
    private final TreeMap<String, byte[]> artifacts = new TreeMap<>();
    private final TreeMap<String, byte[]> blobs = new TreeMap<>();
    private final TreeMap<String, byte[]> keys = new TreeMap<>();

    private Evidence(RackFiles files, Path file) throws IOException {
        this.files = files;
        this.passport = Proofs.passport(files);
        this.note = Files.readAllBytes(file);
        this.checkpoint = CheckpointFiles.read(file, passport.origin(), passport.key());
    }

    /** What was written. */
    public record Written(long from, long to, long treeSize, int artifacts, int blobs, int keys) {}

    /**
     * Writes leaves {@code [from, to)} and everything that is needed to check them. The file is there whole or not at all.
     *
     * @param to empty for the size of the last checkpoint
     * @param dataKeys the keys to add unwrapped; empty for none
     * @throws FluxException NOT_SEALED where the range goes beyond the last checkpoint
     */
    public static Written export(RackFiles files, long from, Optional<Long> to, Optional<DataKeys> dataKeys, Path out) {
        try {
            Path last = Proofs.lastNote(files);
            Evidence evidence =
                    new Evidence(files, to.flatMap(end -> firstOver(files, end)).orElse(last));
            long end = to.orElse(evidence.checkpoint.size());
            if (from < 0 || from > end || end > evidence.checkpoint.size()) {
                throw new FluxException(
                        VaultError.NOT_SEALED,
                        "leaves " + from + " to " + end + " are not a range under the last checkpoint, which covers "
                                + evidence.checkpoint.size());
            }
            return evidence.write(from, end, dataKeys, out);
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }

    /** The smallest checkpoint that covers the range: a log that grows on gives the same bundle. */
    private static Optional<Path> firstOver(RackFiles files, long end) {
        return new CheckpointFiles(files.checkpoints())
                .all().stream()
                        .filter(file -> CheckpointFiles.sizeOf(file) >= end)
                        .findFirst();
    }

    private Written write(long from, long to, Optional<DataKeys> dataKeys, Path out) throws IOException {
        CRC32 crc = new CRC32();
        long[] size = {0};
        TreeSet<Bytes> scenarios = new TreeSet<>((a, b) -> a.hex().compareTo(b.hex()));
        TreeSet<Bytes> specs = new TreeSet<>((a, b) -> a.hex().compareTo(b.hex()));
        TreeSet<Bytes> named = new TreeSet<>((a, b) -> a.hex().compareTo(b.hex()));
        each(from, to, leaf -> {
            crc.update(leaf.bytes().toArray());
            size[0] += leaf.bytes().length();
            add(scenarios, leaf.scn());
            add(specs, leaf.spec());
            add(named, leaf.digestKey());
            leaf.sealedWith().ifPresent(k -> add(named, k));
        });
        if (size[0] > MAX_RECORDS) {
            throw new FluxException(
                    VaultError.NOT_SEALED,
                    "the range has " + size[0] + " bytes, a bundle holds " + MAX_RECORDS + ": export parts");
        }
        collect(scenarios, specs);
        dataKeys.ifPresent(known ->
                named.forEach(k -> known.find(k).ifPresent(key -> keys.put(k.hex(), key.unwrapped()))));
        RangeProof proof;
        try (LeafTree tree = LeafTree.at(files, checkpoint)) {
            proof = RangeProof.of(from, to, checkpoint.size(), tree);
        }
        Path temporary = out.resolveSibling(out.getFileName() + ".tmp");
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
                BundleWriter zip = new BundleWriter(file)) {
            put(zip, "bundle.json", head(from, to));
            zip.begin("records.cborseq", size[0], crc.getValue());
            each(from, to, leaf -> zip.write(leaf.bytes().toArray()));
            put(zip, "range-proof.json", json(proof));
            put(zip, "checkpoint", note);
            put(zip, "passport.cose", Files.readAllBytes(files.passport()));
            putAll(zip, "artifacts/", artifacts);
            putAll(zip, "blobs/sha256/", blobs);
            putAll(zip, "keys/", keys);
        }
        Files.move(temporary, out, StandardCopyOption.REPLACE_EXISTING);
        return new Written(from, to, checkpoint.size(), artifacts.size(), blobs.size(), keys.size());
    }

    private static void add(TreeSet<Bytes> set, Bytes value) {
        if (!value.isEmpty()) {
            set.add(value);
        }
    }

    /** How many leaves a bundle can reach: those under the last checkpoint. */
    public static long reach(RackFiles files) {
        return CheckpointFiles.sizeOf(Proofs.lastNote(files));
    }

    private interface Taker {
        void take(Leaf leaf) throws IOException;
    }

    private void each(long from, long to, Taker taker) throws IOException {
        IOException[] failed = new IOException[1];
        long[] next = {from};
        if (from < to) {
            VaultReader.at(files.wal()).from(from, leaf -> {
                if (leaf.n() != next[0]) {
                    return false;
                }
                try {
                    taker.take(leaf);
                } catch (IOException e) {
                    failed[0] = e;
                    return false;
                }
                return ++next[0] < to;
            });
        }
        if (failed[0] != null) {
            throw failed[0];
        }
        if (next[0] != to) {
            throw new FluxException(
                    VaultError.INDEX, "leaf " + next[0] + " cannot be read here: is it archived out of reach?");
        }
    }

    /** The artifacts of these scenarios, and every spec and base that they or the leaves name. */
    private void collect(TreeSet<Bytes> scenarios, TreeSet<Bytes> specs) throws IOException {
        Path store = files.blob("any").getParent();
        if (!scenarios.isEmpty() && Files.isDirectory(store)) {
            try (Stream<Path> all = Files.list(store)) {
                for (Path file : all.sorted().toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    artifact(bytes)
                            .filter(a -> scenarios.contains(a.identity()))
                            .ifPresent(a -> {
                                artifacts.putIfAbsent(a.identity().hex(), bytes);
                                specs.addAll(PinnedSpecs.of(a.payload()));
                            });
                }
            }
        }
        for (Bytes spec : specs) {
            Path file = files.blob(spec.hex());
            if (Files.isRegularFile(file)) {
                blobs.put(spec.hex(), Files.readAllBytes(file));
            }
        }
    }

    private static Optional<SignedArtifact.Parsed> artifact(byte[] bytes) {
        try {
            return Optional.of(SignedArtifact.parse(bytes, SCENARIO));
        } catch (FluxException anotherBlob) {
            return Optional.empty();
        }
    }

    private byte[] head(long from, long to) {
        return ("{\"format\":\"fluxrig-evidence/1\",\"site\":" + quoted(passport.site()) + ",\"rack\":"
                        + quoted(passport.rack()) + ",\"rackId\":"
                        + quoted(passport.entity().text()) + ",\"generation\":" + passport.generation() + ",\"from\":"
                        + from + ",\"to\":" + to + ",\"treeSize\":" + checkpoint.size() + "}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Names are plain ASCII by their own rules: nothing in them needs an escape. */
    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static byte[] json(RangeProof proof) {
        return ("{\"left\":" + list(proof.left()) + ",\"right\":" + list(proof.right()) + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String list(List<Bytes> hashes) {
        return hashes.stream().map(h -> quoted(h.hex())).collect(Collectors.joining(",", "[", "]"));
    }

    private static void putAll(BundleWriter zip, String folder, TreeMap<String, byte[]> entries) throws IOException {
        for (var entry : entries.entrySet()) {
            put(zip, folder + entry.getKey(), entry.getValue());
        }
    }

    private static void put(BundleWriter zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        zip.begin(name, content.length, crc.getValue());
        zip.write(content);
    }
}
