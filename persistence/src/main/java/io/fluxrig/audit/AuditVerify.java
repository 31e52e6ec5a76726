package io.fluxrig.audit;

import io.fluxrig.audit.Verdict.Kind;
import io.fluxrig.audit.Verdict.Problem;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.HashedLeaf;
import io.fluxrig.vault.LeafHashes;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Reads a Rack's log again from the first byte and trusts nothing that it has not computed itself. Shares no code with the writer
 * but the formats; needs no running node and takes no lock.
 */
public final class AuditVerify {
    private static final String SCENARIO = "application/vnd.fluxrig.scenario+cbor";

    private final RackFiles files;
    private final Pinned pinned;
    private final Optional<byte[]> remembered;
    private final LongConsumer progress;
    private final WitnessLines witnesses;
    private final Map<Long, List<Verdict.Witnessed>> lines = new HashMap<>();
    private final ShreddedMessages shredded = new ShreddedMessages();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Long, Checkpoint> checkpoints = new TreeMap<>();
    private final Set<Long> open = new HashSet<>();
    private final Set<Bytes> scenarios = new LinkedHashSet<>();
    private final Set<Bytes> specs = new LinkedHashSet<>();
    private final Map<Bytes, Bytes> artifactFiles = new HashMap<>();
    private Bytes lastScenario = Bytes.EMPTY;
    private Bytes lastSpec = Bytes.EMPTY;
    private CompactRange tree = CompactRange.empty();
    private long next;
    private long read;
    private long archived;
    private boolean broken;
    private List<byte[]> pendingHashes = new ArrayList<>();
    private long sealed;
    private int matching;

    private AuditVerify(RackFiles files, Pinned pinned, Optional<byte[]> remembered, LongConsumer progress) {
        this.files = files;
        this.pinned = pinned;
        this.remembered = remembered;
        this.progress = progress;
        this.witnesses = new WitnessLines(pinned.witnesses());
    }

    /**
     * @param pinned keys that the auditor pinned; without root keys the verdict says {@code trust: none}
     * @param remembered a checkpoint that somebody kept elsewhere and that the log must lead to as well
     * @param progress told the number of leaves read so far
     */
    public static Verdict run(RackFiles files, Pinned pinned, Optional<byte[]> remembered, LongConsumer progress) {
        return new AuditVerify(files, pinned, remembered, progress).run();
    }

    private Verdict run() {
        // Checkpoints first, then the log: what is sealed now must be in what is read after.
        String origin = "";
        boolean vouched = false;
        try {
            SignedPassport passport = readPassport();
            origin = passport.origin();
            vouched = passport.pinned();
            readCheckpoints(origin, passport.key());
            readRemembered(origin, passport.key());
        } catch (FluxException bad) {
            problem(Kind.UNTRUSTED, files.passport().toString(), bad.what());
        }
        VaultReader reader = VaultReader.at(files.wal());
        passOverArchived(reader);
        VaultReader.Scan scan = reader.scanHashed(this::seeLeaf, this::seeRecord);
        flush();
        List<Problem> consequences = List.copyOf(problems);
        problems.clear();
        scan.problems().forEach(p -> problem(p.gap() ? Kind.GAP : Kind.ALTERED, p.where(), p.what()));
        consequences.forEach(p -> problem(p.kind(), p.where(), p.what()));
        checkpoints.keySet().stream()
                .filter(size -> size > tree.size() && !broken)
                .forEach(size -> problem(
                        Kind.GAP, "checkpoint " + size, "covers " + size + " leaves, the log holds " + tree.size()));
        int artifacts = verifyArtifacts();
        int blobs = verifyBlobs();
        boolean rootKeyHere = Files.exists(files.data().resolve("keys").resolve("root.pem"));
        Verdict.Counts counts = new Verdict.Counts(
                read + archived,
                archived,
                sealed,
                scan.tornBytes(),
                matching,
                broken ? 0 : open.size(),
                shredded.count(),
                artifacts,
                blobs);
        return new Verdict(
                files.rack(),
                origin,
                counts,
                witnesses.counted(),
                new Verdict.Vouching(vouched, rootKeyHere),
                problems);
    }

    /** Leaves that lie in an archive out of reach count by the hashes that were kept of them. */
    private void passOverArchived(VaultReader reader) {
        long[] first = {0};
        if (reader.hasArchive()) {
            reader.from(0, leaf -> {
                first[0] = leaf.n();
                return false;
            });
        }
        if (first[0] == 0) {
            return;
        }
        try {
            tree = LeafHashes.of(files.directory()).tree(first[0], List.copyOf(checkpoints.keySet()), passed -> {
                tree = passed;
                compare(passed.size());
            });
            next = first[0];
            archived = first[0];
        } catch (FluxException unknown) {
            problem(Kind.GAP, "leaves 0 to " + (first[0] - 1), "are archived and out of reach, and " + unknown.what());
        }
    }

    private SignedPassport readPassport() {
        SignedPassport passport = SignedPassport.read(read(files.passport()), pinned.root());
        if (!passport.rack().equals(files.rack())) {
            throw new FluxException(VaultError.PASSPORT, "the passport is not one of '" + files.rack() + "'");
        }
        return passport;
    }

    private void readCheckpoints(String origin, VerifyKey key) {
        CheckpointFiles own = new CheckpointFiles(files.checkpoints());
        // Signatures take longest, and nothing else can be done yet: on every core.
        own.all().parallelStream()
                .map(file -> tryToRead(file, origin, key))
                .toList()
                .forEach(tried -> {
                    if (tried.checkpoint() == null) {
                        problem(Kind.ALTERED, "checkpoint " + tried.file().getFileName(), tried.wrong());
                    } else {
                        checkpoints.put(tried.checkpoint().size(), tried.checkpoint());
                    }
                });
        for (Path file : own.witnessed().all()) {
            try {
                CheckpointFiles.read(file, origin, key);
                take(read(file), origin, key, "the one kept here");
            } catch (FluxException bad) {
                problem(Kind.ALTERED, "witnessed checkpoint " + file.getFileName(), bad.what());
            }
        }
        compare(0);
    }

    /** @param checkpoint null where something is wrong */
    private record Tried(Path file, Checkpoint checkpoint, String wrong) {}

    private static Tried tryToRead(Path file, String origin, VerifyKey key) {
        try {
            return new Tried(file, CheckpointFiles.read(file, origin, key), "");
        } catch (FluxException bad) {
            return new Tried(file, null, bad.what());
        }
    }

    /** One that was kept elsewhere may cover what this log lost, or what was written again under the Rack's own key. */
    private void readRemembered(String origin, VerifyKey key) {
        try {
            remembered.ifPresent(note -> take(note, origin, key, "the one given"));
        } catch (FluxException bad) {
            problem(Kind.UNTRUSTED, "the checkpoint given", bad.what());
        }
    }

    private void take(byte[] note, String origin, VerifyKey key, String which) {
        Checkpoint checkpoint = Checkpoint.verify(note, origin, key);
        Checkpoint own = checkpoints.putIfAbsent(checkpoint.size(), checkpoint);
        if (own != null && !own.root().equals(checkpoint.root())) {
            problem(
                    Kind.ALTERED,
                    "checkpoint " + checkpoint.size(),
                    "the Rack signed two roots for this size: " + which + " is another");
        }
        lines.computeIfAbsent(checkpoint.size(), size -> new ArrayList<>()).addAll(witnesses.in(note));
    }

    private void seeLeaf(HashedLeaf leaf, String where) {
        if (leaf.n() != next) {
            boolean missing = leaf.n() > next;
            problem(
                    missing ? Kind.GAP : Kind.ALTERED,
                    where,
                    missing
                            ? "leaves " + next + " to " + (leaf.n() - 1) + " are missing"
                            : "leaf " + leaf.n() + " stands where leaf " + next + " is due");
            // Nothing after this place can be compared with a checkpoint or followed to its end.
            broken = true;
        }
        next = leaf.n() + 1;
        read++;
        if (broken) {
            return;
        }
        follow(leaf, where);
        shredded.see(leaf.sealedWith(), leaf.is(LeafKind.CONTROL) ? leaf.note() : FluxMap.EMPTY);
        pendingHashes.add(leaf.hash());
        if (checkpoints.containsKey(next) || pendingHashes.size() == 4096) {
            flush();
        }
    }

    private void flush() {
        tree = tree.appendAll(pendingHashes);
        pendingHashes = new ArrayList<>();
        compare(tree.size());
        progress.accept(read);
    }

    private void compare(long size) {
        Checkpoint checkpoint = checkpoints.get(size);
        if (checkpoint == null) {
            return;
        }
        if (checkpoint.root().equals(Bytes.wrap(tree.root()))) {
            sealed = size;
            matching++;
            witnesses.count(lines.getOrDefault(size, List.of()));
        } else {
            problem(
                    Kind.ALTERED,
                    "leaves 0 to " + (size - 1),
                    "their root is not the one that checkpoint " + size + " signs");
        }
    }

    private void follow(HashedLeaf leaf, String where) {
        Bytes scn = leaf.scn();
        if (!scn.equals(lastScenario) && !scn.isEmpty()) {
            lastScenario = scn;
            scenarios.add(scn);
        }
        Bytes spec = leaf.spec();
        if (!spec.equals(lastSpec) && !spec.isEmpty()) {
            lastSpec = spec;
            specs.add(spec);
        }
        switch (leaf.kind()) {
            case "ingress" -> {
                if (!open.add(leaf.id())) {
                    problem(Kind.ALTERED, where, "signal entered twice");
                }
            }
            case "done", "failed" -> {
                // A signal that entered before the first leaf that can be read ends here without having been seen.
                if (!open.remove(leaf.id()) && archived == 0) {
                    problem(Kind.ALTERED, where, "a signal ended that was not open");
                }
            }
            default -> {
                // other kinds neither open nor close a signal
            }
        }
    }

    private void seeRecord(ControlRecord record) {
        if (record.event().equals("accepted")
                && record.map().get("identity") instanceof Value.Bin identity
                && record.map().get("file") instanceof Value.Bin file) {
            artifactFiles.put(identity.value(), file.value());
        }
    }

    private int verifyArtifacts() {
        int good = 0;
        for (Bytes identity : scenarios) {
            String where = "scenario " + identity.hex();
            try {
                Bytes file = artifactFiles.get(identity);
                byte[] artifact = file == null ? artifactBySearch(identity) : blob(file);
                Bytes payload = pinned.scenario().isEmpty()
                        ? SignedArtifact.parse(artifact, SCENARIO).payload()
                        : SignedArtifact.verify(artifact, SCENARIO, pinned.scenario(), 1)
                                .payload();
                if (!Bytes.wrap(Hashes.sha256(payload.toArray())).equals(identity)) {
                    throw new FluxException(VaultError.PASSPORT, "its artifact is another one");
                }
                specs.addAll(PinnedSpecs.of(payload));
                good++;
            } catch (FluxException bad) {
                problem(Kind.UNTRUSTED, where, bad.what());
            }
        }
        return good;
    }

    /** Where the record that names the file was archived: the identity alone finds it among the blobs. */
    private byte[] artifactBySearch(Bytes identity) {
        Path blobs = files.blob("any").getParent();
        if (archived > 0 && Files.isDirectory(blobs)) {
            try (Stream<Path> all = Files.list(blobs)) {
                for (Path file : all.sorted().toList()) {
                    byte[] bytes = read(file);
                    if (isArtifact(bytes, identity)) {
                        return bytes;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new FluxException(VaultError.PASSPORT, "no record says where its artifact is");
    }

    private static boolean isArtifact(byte[] bytes, Bytes identity) {
        try {
            return SignedArtifact.parse(bytes, SCENARIO).identity().equals(identity);
        } catch (FluxException anotherBlob) {
            return false;
        }
    }

    private int verifyBlobs() {
        int good = 0;
        for (Bytes spec : specs) {
            try {
                blob(spec);
                good++;
            } catch (FluxException bad) {
                problem(Kind.ALTERED, "spec " + spec.hex(), bad.what());
            }
        }
        return good;
    }

    private byte[] blob(Bytes sha256) {
        byte[] bytes = read(files.blob(sha256.hex()));
        if (!Bytes.wrap(Hashes.sha256(bytes)).equals(sha256)) {
            throw new FluxException(VaultError.LEAF, "the blob's bytes are not the ones that were hashed");
        }
        return bytes;
    }

    private static byte[] read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FluxException(VaultError.PASSPORT, file.getFileName() + " is missing");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void problem(Kind kind, String where, String what) {
        // A log that is altered all over needs no longer list: the first thousand places say enough.
        if (problems.size() < 1000) {
            problems.add(new Problem(kind, where, what));
        }
    }
}
