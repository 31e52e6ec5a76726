package io.fluxrig.signal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A signed statement about a log: its origin, its size and its root (FORMATS section 7; a C2SP signed note with a tlog-checkpoint body of
 * exactly three lines).
 *
 * @param origin which log; also the name of the key that signs
 * @param size leaves
 * @param root 32 bytes
 */
public record Checkpoint(String origin, long size, Bytes root) {
    public Checkpoint {
        if (!SignedNote.isName(origin) || size < 0 || root.length() != Hashes.LENGTH) {
            throw SignedNote.refuse("origin, size or root is not of a checkpoint");
        }
        Utf8.requireWellFormed(origin);
    }

    /** One signature line: key name, four bytes that tell keys of that name apart, and the signature. */
    public record NoteSignature(String keyName, int keyHash, Bytes signature) {}

    /** A note as parsed; nothing is verified. */
    public record Note(Checkpoint checkpoint, Bytes signedText, List<NoteSignature> signatures) {}

    /** The three lines that are signed. */
    public byte[] body() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.unsafeArray()) + "\n";
    }

    /** The whole note, signed by the Rack under the origin's name. */
    public byte[] sign(SigningKey rackKey) {
        return SignedNote.sign(text(), origin, rackKey);
    }

    /** @throws FluxException CHECKPOINT where this is not a checkpoint of {@code expectedOrigin} signed by {@code key} */
    public static Checkpoint verify(byte[] note, String expectedOrigin, VerifyKey key) {
        SignedNote signed = SignedNote.parse(note);
        Checkpoint checkpoint = ofText(signed.text());
        if (!checkpoint.origin().equals(expectedOrigin)) {
            throw SignedNote.refuse("it is of another log");
        }
        if (!signed.isSignedBy(expectedOrigin, key)) {
            throw SignedNote.refuse("the Rack has not signed it");
        }
        return checkpoint;
    }

    /**
     * The note with these signature lines of others added; a line that is there already is not added again.
     *
     * @throws FluxException CHECKPOINT where the result would not be a checkpoint, a hundred signatures included
     */
    public static byte[] withLines(byte[] note, String lines) {
        StringBuilder all = new StringBuilder(new String(note, StandardCharsets.UTF_8));
        lines.lines()
                .filter(line -> all.indexOf(line + "\n") < 0)
                .forEach(line -> all.append(line).append('\n'));
        byte[] joined = all.toString().getBytes(StandardCharsets.UTF_8);
        parse(joined);
        return joined;
    }

    /** @throws FluxException CHECKPOINT where the bytes are not a note with a checkpoint body */
    public static Note parse(byte[] note) {
        SignedNote signed = SignedNote.parse(note);
        Bytes text = Bytes.wrap(signed.text().getBytes(StandardCharsets.UTF_8));
        return new Note(ofText(signed.text()), text, signed.signatures());
    }

    private static Checkpoint ofText(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || !lines[3].isEmpty()) {
            throw SignedNote.refuse("its body has not three lines");
        }
        if (!lines[1].matches("0|[1-9][0-9]{0,18}")) {
            throw SignedNote.refuse("its size is not a decimal number");
        }
        try {
            return new Checkpoint(lines[0], Long.parseLong(lines[1]), Bytes.wrap(SignedNote.base64(lines[2])));
        } catch (NumberFormatException tooLarge) {
            throw SignedNote.refuse("its size is too large");
        }
    }
}
