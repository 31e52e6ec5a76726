package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.Cosignature;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.VaultError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Remembers the last checkpoint of each log that it was shown and countersigns the next one only where the log has grown from it. Needs a key and a directory:
 * {@code trust/root} with the keys that vouch for Racks, and {@code logs/} that it keeps itself. What it signs is on disk before it is answered.
 */
public final class Witness {
    private static final int MAX_PASSPORT = 64 * 1024;

    /** What came of a checkpoint. */
    public sealed interface Answer {}

    /** It is countersigned; {@code line} is the signature line. */
    public record Cosigned(String line) implements Answer {}

    /** It is not; {@code evidence} is a file with both checkpoints where they contradict each other. */
    public record Refused(Succession why, Optional<Path> evidence) implements Answer {}

    /** The log is not known: its Rack has to show a passport first. */
    public record Stranger() implements Answer {}

    private final Path directory;
    private final String name;
    private final SigningKey key;
    private final Clock clock;

    /**
     * @param directory made where it is missing
     * @param name that the witness signs under
     */
    public Witness(Path directory, String name, SigningKey key, Clock clock) {
        this.directory = directory;
        this.name = name;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Takes in a Rack whose passport a pinned root key has signed.
     *
     * @return the origin of its checkpoints
     * @throws FluxException where nobody pinned here vouches for it, or another key is known for the same log
     */
    public synchronized String admit(byte[] passport) {
        List<VerifyKey> roots = RootKeys.in(directory.resolve("trust"));
        if (roots.isEmpty() || passport.length > MAX_PASSPORT) {
            throw new FluxException(
                    VaultError.PASSPORT,
                    roots.isEmpty() ? "no root key is pinned under trust/root" : "a passport is not that large");
        }
        SignedPassport shown = SignedPassport.read(passport, roots);
        Optional<SignedPassport> known = passport(shown.origin());
        if (known.isPresent() && !known.get().key().equals(shown.key())) {
            throw new FluxException(VaultError.PASSPORT, "log " + shown.origin() + " is known under another key");
        }
        if (known.isEmpty()) {
            write(log(shown.origin()).resolve("passport.cose"), passport);
        }
        return shown.origin();
    }

    /**
     * Looks at a checkpoint.
     *
     * @param proofFrom the size that the proof begins at, 0 for none
     * @throws FluxException CHECKPOINT where it is not one that the Rack signed
     */
    public synchronized Answer see(byte[] note, long proofFrom, List<Bytes> proof) {
        Checkpoint.Note parsed = Checkpoint.parse(note);
        String origin = parsed.checkpoint().origin();
        Optional<SignedPassport> rack = passport(origin);
        if (rack.isEmpty()) {
            return new Stranger();
        }
        Checkpoint next = Checkpoint.verify(note, origin, rack.get().key());
        Path last = log(origin).resolve("last");
        Optional<byte[]> lastNote = read(last);
        Optional<Checkpoint> remembered = lastNote.map(
                bytes -> Checkpoint.verify(bytes, origin, rack.get().key()));
        Succession succession = Succession.of(remembered, next, proofFrom, proof);
        if (succession instanceof Succession.Grown) {
            String line = Cosignature.line(next, name, key, clock.instant().getEpochSecond());
            write(last, Checkpoint.withLines(note, line));
            return new Cosigned(line);
        }
        boolean proven = succession instanceof Succession.Forked fork && next.size() == fork.rememberedSize();
        return new Refused(
                succession, proven ? Optional.of(keep(origin, lastNote.orElseThrow(), note)) : Optional.empty());
    }

    /** Two roots for one size, both signed by the Rack: that alone proves that it has two histories. */
    private Path keep(String origin, byte[] remembered, byte[] shown) {
        String text = new String(remembered, StandardCharsets.UTF_8) + "\n" + new String(shown, StandardCharsets.UTF_8);
        byte[] both = text.getBytes(StandardCharsets.UTF_8);
        Path file =
                log(origin).resolve("fork-" + Bytes.wrap(Hashes.sha256(both)).hex());
        if (!Files.exists(file)) {
            write(file, both);
        }
        return file;
    }

    private Optional<SignedPassport> passport(String origin) {
        return read(log(origin).resolve("passport.cose"))
                .map(bytes -> SignedPassport.read(bytes, RootKeys.in(directory.resolve("trust"))));
    }

    private Path log(String origin) {
        String hash = Bytes.wrap(Hashes.sha256(origin.getBytes(StandardCharsets.UTF_8)))
                .hex();
        return directory.resolve("logs").resolve(hash);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            DurableFile.write(file, content);
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }
}
