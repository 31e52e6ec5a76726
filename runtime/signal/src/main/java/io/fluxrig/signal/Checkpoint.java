package io.fluxrig.signal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A signed statement about a log: its origin, its size and its root (FORMATS section 7; a C2SP signed note with a tlog-checkpoint body).
 *
 * @param origin which log
 * @param size leaves
 * @param root 32 bytes
 */
public record Checkpoint(String origin, long size, Bytes root) {
    private static final int MAX_SIGNATURES = 100;
    private static final int MAX_NOTE = 64 * 1024;
    private static final byte ED25519 = 1;
    private static final String DASH = "\u2014 ";

    public Checkpoint {
        boolean named = isName(origin);
        if (!named || size < 0 || root.length() != 32) {
            throw new FluxException(SignalError.CHECKPOINT, "origin, size or root is not of a checkpoint");
        }
    }

    /** Not empty, without white space (Unicode's too), control characters and plus signs. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c == '+'
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || Character.isISOControl(c));
    }

    /** One signature line: key name, four bytes that tell keys of that name apart, and the signature. */
    public record NoteSignature(String keyName, int keyHash, Bytes signature) {}

    /** A note as parsed; nothing is verified. */
    public record Note(Checkpoint checkpoint, Bytes signedText, List<NoteSignature> signatures) {}

    /** The three lines that are signed. */
    public byte[] body() {
        String text = origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.unsafeArray()) + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The whole note, signed by the Rack under the origin's name. */
    public byte[] sign(SigningKey rackKey) {
        byte[] body = body();
        byte[] signature = rackKey.sign(body);
        byte[] line = ByteBuffer.allocate(4 + signature.length)
                .putInt(keyHash(origin, rackKey.publicKey()))
                .put(signature)
                .array();
        String text = new String(body, StandardCharsets.UTF_8) + "\n" + DASH + origin + " " + Base64.getEncoder().encodeToString(line) + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int keyHash(String name, VerifyKey key) {
        byte[] hash = Hashes.sha256(name.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', ED25519}, key.raw().unsafeArray());
        return ByteBuffer.wrap(hash).getInt();
    }

    /** @throws FluxException CHECKPOINT where this is not a checkpoint of {@code expectedOrigin} signed by {@code key} */
    public static Checkpoint verify(byte[] note, String expectedOrigin, VerifyKey key) {
        Note parsed = parse(note);
        if (!parsed.checkpoint().origin().equals(expectedOrigin)) {
            throw refuse("it is of another log");
        }
        int hash = keyHash(expectedOrigin, key);
        boolean signed = false;
        for (NoteSignature signature : parsed.signatures()) {
            if (signature.keyName().equals(expectedOrigin) && signature.keyHash() == hash) {
                if (!key.verify(parsed.signedText().unsafeArray(), signature.signature().unsafeArray())) {
                    throw refuse("the Rack's signature does not verify");
                }
                signed = true;
            }
        }
        if (!signed) {
            throw refuse("the Rack has not signed it");
        }
        return parsed.checkpoint();
    }

    /** @throws FluxException CHECKPOINT where the bytes are not a note with a checkpoint body */
    public static Note parse(byte[] note) {
        if (note.length > MAX_NOTE) {
            throw refuse("it is larger than 64 KiB");
        }
        String text = new String(note, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), note)
                || text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw refuse("it is not plain UTF-8 text");
        }
        int split = text.lastIndexOf("\n\n");
        if (split < 0 || !text.endsWith("\n")) {
            throw refuse("no empty line comes before the signatures");
        }
        String body = text.substring(0, split + 1);
        List<NoteSignature> signatures = signatures(text.substring(split + 2));
        return new Note(bodyOf(body), Bytes.wrap(body.getBytes(StandardCharsets.UTF_8)), signatures);
    }

    private static List<NoteSignature> signatures(String block) {
        if (block.isEmpty()) {
            throw refuse("it is not signed");
        }
        String[] lines = block.substring(0, block.length() - 1).split("\n", -1);
        if (lines.length > MAX_SIGNATURES) {
            throw refuse("it has more than " + MAX_SIGNATURES + " signatures");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : new String[0];
            if (parts.length != 2 || !isName(parts[0])) {
                throw refuse("a signature line is malformed");
            }
            byte[] blob = base64(parts[1]);
            if (blob.length < 5) {
                throw refuse("a signature is too short");
            }
            signatures.add(new NoteSignature(parts[0], ByteBuffer.wrap(blob).getInt(), Bytes.copyOf(blob, 4, blob.length)));
        }
        return List.copyOf(signatures);
    }

    private static Checkpoint bodyOf(String body) {
        String[] lines = body.split("\n", -1);
        if (lines.length != 4 || !lines[3].isEmpty()) {
            throw refuse("its body has not three lines");
        }
        if (!lines[1].matches("0|[1-9][0-9]{0,18}")) {
            throw refuse("its size is not a decimal number");
        }
        try {
            return new Checkpoint(lines[0], Long.parseLong(lines[1]), Bytes.wrap(base64(lines[2])));
        } catch (NumberFormatException tooLarge) {
            throw refuse("its size is too large");
        }
    }

    private static byte[] base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (MessageDigest.isEqual(Base64.getEncoder().encode(bytes), text.getBytes(StandardCharsets.UTF_8))) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        throw refuse("base64 is malformed");
    }

    private static FluxException refuse(String what) {
        return new FluxException(SignalError.CHECKPOINT, what);
    }
}
