package io.fluxrig.signal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A C2SP signed note: some text, an empty line, and signature lines. Parsing checks the form, {@link #isSignedBy} one key. */
record SignedNote(String text, List<Checkpoint.NoteSignature> signatures) {
    private static final int MAX_SIGNATURES = 100;
    private static final int MAX_BYTES = 64 * 1024;
    private static final byte ED25519 = 1;
    static final String DASH = "\u2014 ";

    /** Text, which ends with a line feed, signed by one key. */
    static byte[] sign(String text, String keyName, SigningKey key) {
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] blob = ByteBuffer.allocate(4 + signature.length)
                .putInt(keyHash(keyName, key.publicKey()))
                .put(signature)
                .array();
        String line = DASH + keyName + " " + Base64.getEncoder().encodeToString(blob) + "\n";
        return (text + "\n" + line).getBytes(StandardCharsets.UTF_8);
    }

    /** Tells keys of one name apart: the first four bytes of SHA-256(name ‖ 0A ‖ 01 ‖ public key). */
    static int keyHash(String name, VerifyKey key) {
        return keyHash(name, ED25519, key);
    }

    /** The same for a signature of another kind. */
    static int keyHash(String name, byte algorithm, VerifyKey key) {
        byte[] prefix = {'\n', algorithm};
        byte[] hash = Hashes.sha256(
                name.getBytes(StandardCharsets.UTF_8), prefix, key.raw().unsafeArray());
        return ByteBuffer.wrap(hash).getInt();
    }

    /** Not empty, without white space (Unicode's too), control characters and plus signs. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c == '+'
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || Character.isISOControl(c));
    }

    /**
     * Whether this key has signed under this name.
     *
     * @throws FluxException CHECKPOINT where a signature claims to be the key's and does not verify
     */
    boolean isSignedBy(String keyName, VerifyKey key) {
        int hash = keyHash(keyName, key);
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (Checkpoint.NoteSignature signature : signatures) {
            if (signature.keyName().equals(keyName) && signature.keyHash() == hash) {
                if (!key.verify(signed, signature.signature().unsafeArray())) {
                    throw refuse("a signature of its key does not verify");
                }
                found = true;
            }
        }
        return found;
    }

    static SignedNote parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw refuse("it is larger than 64 KiB");
        }
        String note = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(note.getBytes(StandardCharsets.UTF_8), bytes)
                || note.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw refuse("it is not plain UTF-8 text");
        }
        int split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            throw refuse("no empty line comes before the signatures");
        }
        return new SignedNote(note.substring(0, split + 1), signatures(note.substring(split + 2)));
    }

    private static List<Checkpoint.NoteSignature> signatures(String block) {
        if (block.isEmpty()) {
            throw refuse("it is not signed");
        }
        String[] lines = block.substring(0, block.length() - 1).split("\n", -1);
        if (lines.length > MAX_SIGNATURES) {
            throw refuse("it has more than " + MAX_SIGNATURES + " signatures");
        }
        List<Checkpoint.NoteSignature> signatures = new ArrayList<>();
        for (String line : lines) {
            String[] parts =
                    line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : new String[0];
            if (parts.length != 2 || !isName(parts[0])) {
                throw refuse("a signature line is malformed");
            }
            byte[] blob = base64(parts[1]);
            if (blob.length < 5) {
                throw refuse("a signature is too short");
            }
            Bytes signature = Bytes.copyOf(blob, 4, blob.length);
            signatures.add(
                    new Checkpoint.NoteSignature(parts[0], ByteBuffer.wrap(blob).getInt(), signature));
        }
        return List.copyOf(signatures);
    }

    /** Standard base64 in its one canonical form. */
    static byte[] base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        throw refuse("base64 is malformed");
    }

    static FluxException refuse(String what) {
        return new FluxException(SignalError.CHECKPOINT, what);
    }
}
