package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.MerkleProof;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Proofs that stand on their own (FORMATS section 8): that a leaf is in a log, and that a log only grew. */
public final class Proofs {
    private Proofs() {}

    /** That this leaf stands at this index under this checkpoint. */
    public record Inclusion(
            long leafIndex, long treeSize, Bytes leaf, List<Bytes> hashes, String checkpoint, Bytes passport) {}

    /** That the log of the old checkpoint is the beginning of that of the new. */
    public record Consistency(
            long oldSize, long newSize, List<Bytes> hashes, String oldNote, String newNote, Bytes passport) {}

    /** What a proof shows once it was checked. {@code pinned}: whether a key that the auditor pinned vouches for the Rack. */
    public record Shown(String site, String rack, String origin, boolean pinned) {}

    /**
     * Proves the leaf under the last checkpoint.
     *
     * @throws FluxException NOT_SEALED where no checkpoint covers it yet
     */
    public static Inclusion inclusion(RackFiles files, long index) {
        SignedPassport passport = passport(files);
        Path note = lastNote(files);
        Checkpoint checkpoint = CheckpointFiles.read(note, passport.origin(), passport.key());
        if (index < 0 || index >= checkpoint.size()) {
            throw new FluxException(
                    VaultError.NOT_SEALED,
                    "leaf " + index + " is not under the last checkpoint, which covers " + checkpoint.size());
        }
        Leaf leaf = VaultReader.at(files.wal())
                .leaf(index)
                .orElseThrow(() -> new FluxException(
                        VaultError.NOT_SEALED, "leaf " + index + " cannot be read here: is it archived out of reach?"));
        try (LeafTree tree = LeafTree.at(files, checkpoint)) {
            return new Inclusion(
                    index,
                    checkpoint.size(),
                    leaf.bytes(),
                    wrapped(MerkleProof.inclusion(index, checkpoint.size(), tree)),
                    text(note),
                    Bytes.wrap(Files.readAllBytes(files.passport())));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Proves that one checkpoint of this Rack leads to the other; they may come in any order. */
    public static Consistency consistency(RackFiles files, byte[] oneNote, byte[] otherNote) {
        SignedPassport passport = passport(files);
        Checkpoint one = Checkpoint.verify(oneNote, passport.origin(), passport.key());
        Checkpoint other = Checkpoint.verify(otherNote, passport.origin(), passport.key());
        boolean inOrder = one.size() <= other.size();
        Checkpoint older = inOrder ? one : other;
        Checkpoint newer = inOrder ? other : one;
        try (LeafTree tree = LeafTree.at(files, newer)) {
            List<byte[]> hashes = MerkleProof.consistency(older.size(), newer.size(), tree);
            MerkleProof.verifyConsistency(
                    older.size(),
                    newer.size(),
                    older.root().toArray(),
                    newer.root().toArray(),
                    hashes);
            return new Consistency(
                    older.size(),
                    newer.size(),
                    wrapped(hashes),
                    new String(inOrder ? oneNote : otherNote, StandardCharsets.UTF_8),
                    new String(inOrder ? otherNote : oneNote, StandardCharsets.UTF_8),
                    Bytes.wrap(Files.readAllBytes(files.passport())));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The hashes that lead from the first {@code from} leaves to the tree of this checkpoint of the Rack. */
    public static List<Bytes> continuation(RackFiles files, long from, byte[] note) {
        SignedPassport passport = passport(files);
        Checkpoint newer = Checkpoint.verify(note, passport.origin(), passport.key());
        try (LeafTree tree = LeafTree.at(files, newer)) {
            return wrapped(MerkleProof.consistency(from, newer.size(), tree));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * @param roots pinned root keys
     * @param rackKey the Rack's own key where the auditor has it from elsewhere
     * @throws FluxException where anything does not fit
     */
    public static Shown check(Inclusion proof, Collection<VerifyKey> roots, Optional<VerifyKey> rackKey) {
        SignedPassport passport = vouched(proof.passport(), roots, rackKey);
        Checkpoint checkpoint = verified(proof.checkpoint(), passport);
        if (checkpoint.size() != proof.treeSize()) {
            throw new FluxException(VaultError.PROOF, "treeSize is not the size that the checkpoint names");
        }
        Leaf leaf = Leaf.parse(proof.leaf().toArray());
        if (leaf.n() != proof.leafIndex()) {
            throw new FluxException(VaultError.PROOF, "the leaf says that it is leaf " + leaf.n());
        }
        MerkleProof.verifyInclusion(
                proof.leafIndex(),
                proof.treeSize(),
                Hashes.leafHash(proof.leaf().toArray()),
                unwrapped(proof.hashes()),
                checkpoint.root().toArray());
        return shown(passport, rackKey);
    }

    /** The same for a proof of consistency. */
    public static Shown check(Consistency proof, Collection<VerifyKey> roots, Optional<VerifyKey> rackKey) {
        SignedPassport passport = vouched(proof.passport(), roots, rackKey);
        Checkpoint older = verified(proof.oldNote(), passport);
        Checkpoint newer = verified(proof.newNote(), passport);
        if (older.size() != proof.oldSize() || newer.size() != proof.newSize()) {
            throw new FluxException(VaultError.PROOF, "the sizes are not those that the checkpoints name");
        }
        MerkleProof.verifyConsistency(
                older.size(), newer.size(), older.root().toArray(), newer.root().toArray(), unwrapped(proof.hashes()));
        return shown(passport, rackKey);
    }

    private static Shown shown(SignedPassport passport, Optional<VerifyKey> rackKey) {
        return new Shown(passport.site(), passport.rack(), passport.origin(), passport.pinned() || rackKey.isPresent());
    }

    private static SignedPassport vouched(Bytes file, Collection<VerifyKey> roots, Optional<VerifyKey> rackKey) {
        SignedPassport passport = SignedPassport.read(file.toArray(), roots);
        if (rackKey.isPresent() && !rackKey.get().equals(passport.key())) {
            throw new FluxException(VaultError.PROOF, "the key given is not the one in the passport");
        }
        return passport;
    }

    private static Checkpoint verified(String note, SignedPassport passport) {
        return Checkpoint.verify(note.getBytes(StandardCharsets.UTF_8), passport.origin(), passport.key());
    }

    static SignedPassport passport(RackFiles files) {
        try {
            return SignedPassport.read(Files.readAllBytes(files.passport()), List.of());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static Path lastNote(RackFiles files) {
        return new CheckpointFiles(files.checkpoints())
                .last()
                .orElseThrow(() -> new FluxException(VaultError.NOT_SEALED, "there is no checkpoint yet"));
    }

    static String text(Path note) throws IOException {
        return Files.readString(note, StandardCharsets.UTF_8);
    }

    static FluxException unreadable(IOException e) {
        return new FluxException(VaultError.FAILED, String.valueOf(e.getMessage()), e);
    }

    private static List<Bytes> wrapped(List<byte[]> hashes) {
        return hashes.stream().map(Bytes::wrap).toList();
    }

    private static List<byte[]> unwrapped(List<Bytes> hashes) {
        return hashes.stream().map(Bytes::toArray).toList();
    }
}
