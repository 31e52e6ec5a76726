package io.fluxrig.signal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A witness's statement that it saw a checkpoint at some time and that the log had only grown to it (C2SP tlog-cosignature, {@code cosignature/v1}): one more
 * signature line under the note. What is signed is {@code cosignature/v1}, {@code time <unix seconds>} and the checkpoint's body.
 */
public final class Cosignature {
    private static final byte ALGORITHM = 4;
    private static final int LENGTH = Long.BYTES + 64;

    private Cosignature() {}

    /**
     * The signature line, with its line feed.
     *
     * @param witness the key's name, without spaces and plus signs
     */
    public static String line(Checkpoint checkpoint, String witness, SigningKey key, long unixSeconds) {
        if (!SignedNote.isName(witness) || unixSeconds < 0) {
            throw SignedNote.refuse("'" + witness + "' is not a name of a witness, or its clock stands before 1970");
        }
        byte[] blob = ByteBuffer.allocate(4 + LENGTH)
                .putInt(SignedNote.keyHash(witness, ALGORITHM, key.publicKey()))
                .putLong(unixSeconds)
                .put(key.sign(signedText(checkpoint, unixSeconds)))
                .array();
        return SignedNote.DASH + witness + " " + Base64.getEncoder().encodeToString(blob) + "\n";
    }

    /**
     * When this witness saw the checkpoint, in unix seconds, the latest where it signed more than once; empty where it did not sign.
     *
     * @throws FluxException CHECKPOINT where a line claims to be the witness's and does not verify
     */
    public static Optional<Long> seenAt(Checkpoint.Note note, String witness, VerifyKey key) {
        int hash = SignedNote.keyHash(witness, ALGORITHM, key);
        Optional<Long> latest = Optional.empty();
        for (Checkpoint.NoteSignature line : note.signatures()) {
            if (line.keyName().equals(witness) && line.keyHash() == hash) {
                long time = verified(note.checkpoint(), line.signature().unsafeArray(), key);
                latest = Optional.of(Math.max(time, latest.orElse(0L)));
            }
        }
        return latest;
    }

    private static long verified(Checkpoint checkpoint, byte[] timed, VerifyKey key) {
        if (timed.length == LENGTH) {
            ByteBuffer fields = ByteBuffer.wrap(timed);
            long time = fields.getLong();
            byte[] signature = new byte[64];
            fields.get(signature);
            if (time >= 0 && key.verify(signedText(checkpoint, time), signature)) {
                return time;
            }
        }
        throw SignedNote.refuse("a cosignature of its key does not verify");
    }

    private static byte[] signedText(Checkpoint checkpoint, long unixSeconds) {
        byte[] head = ("cosignature/v1\ntime " + unixSeconds + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] body = checkpoint.body();
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }
}
