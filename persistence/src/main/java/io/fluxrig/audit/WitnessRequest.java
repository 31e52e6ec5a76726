package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.vault.VaultError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What is posted to a witness (C2SP tlog-witness, {@code add-checkpoint}): {@code old <size>}, the proof's hashes in base64, a line each, an empty line, and the checkpoint.
 *
 * @param proofFrom the size that the proof begins at, 0 for none
 * @param note the signed checkpoint
 */
public record WitnessRequest(long proofFrom, List<Bytes> proof, Bytes note) {
    /** A tree of 2^63 leaves has no longer proof. */
    private static final int MAX_HASHES = 63;

    /** Largest body that a witness reads. */
    public static final int MAX_BYTES = 64 * 1024 + MAX_HASHES * 45 + 32;

    public WitnessRequest {
        proof = List.copyOf(proof);
    }

    /** The body. */
    public byte[] encode() {
        StringBuilder head = new StringBuilder("old ").append(proofFrom).append('\n');
        for (Bytes hash : proof) {
            head.append(Base64.getEncoder().encodeToString(hash.toArray())).append('\n');
        }
        head.append('\n').append(new String(note.toArray(), StandardCharsets.UTF_8));
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws FluxException PROOF where the body does not have that form */
    public static WitnessRequest parse(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        int split = text.indexOf("\n\n");
        if (body.length > MAX_BYTES || split < 0) {
            throw refuse("no empty line comes before the checkpoint");
        }
        String[] lines = text.substring(0, split).split("\n", -1);
        if (!lines[0].matches("old (0|[1-9][0-9]{0,17})") || lines.length > MAX_HASHES + 1) {
            throw refuse("it does not begin with 'old <size>', or has more than " + MAX_HASHES + " hashes");
        }
        List<Bytes> proof = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            proof.add(hash(lines[i]));
        }
        Bytes note = Bytes.wrap(text.substring(split + 2).getBytes(StandardCharsets.UTF_8));
        return new WitnessRequest(Long.parseLong(lines[0].substring(4)), proof, note);
    }

    private static Bytes hash(String line) {
        try {
            byte[] hash = Base64.getDecoder().decode(line);
            if (hash.length == Hashes.LENGTH) {
                return Bytes.wrap(hash);
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        throw refuse("a line of the proof is not a hash in base64");
    }

    private static FluxException refuse(String what) {
        return new FluxException(VaultError.PROOF, what);
    }
}
