package io.fluxrig.signal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Signed artifact files (FORMATS section 6): one or more COSE_Sign1 items (RFC 9052 section 4.2) over one payload, in exactly one form. A verifier fixes
 * algorithm, key id and content type before it calls a crypto provider.
 */
public final class SignedArtifact {
    private static final int MAX_SIGNATURES = 64;
    private static final int KID_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final byte[] CONTEXT = {0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1'};

    private SignedArtifact() {}

    /** One signature: who claims to have signed, over what, and the 64 bytes. */
    public record Signature(Bytes kid, Bytes protectedHeader, Bytes signature) {}

    /** An artifact of the right form; nothing is verified. */
    public record Parsed(Bytes payload, Bytes identity, List<Signature> signatures) {}

    /** A proof: these payload bytes carry enough signatures of trusted keys. */
    public static final class Verified {
        private final Bytes payload;
        private final Bytes identity;
        private final Set<Bytes> signers;

        private Verified(Parsed parsed, Set<Bytes> signers) {
            this.payload = parsed.payload();
            this.identity = parsed.identity();
            this.signers = Set.copyOf(signers);
        }

        public Bytes payload() {
            return payload;
        }

        /** SHA-256 of the payload. */
        public Bytes identity() {
            return identity;
        }

        /** Key ids of the trusted keys that signed. */
        public Set<Bytes> signers() {
            return signers;
        }
    }

    /** @throws FluxException ARTIFACT where the payload is not one fluxCBOR item of at most 2 MiB */
    public static byte[] sign(String contentType, byte[] payload, SigningKey key) {
        return item(contentType, payload, key);
    }

    /**
     * The same artifact with one more signature, items sorted by key id.
     *
     * @throws FluxException ARTIFACT where {@code key} has signed already
     */
    public static byte[] addSignature(byte[] file, String contentType, SigningKey key) {
        Parsed parsed = parse(file, contentType);
        List<Signature> all = new ArrayList<>(parsed.signatures());
        byte[] header = header(contentType, key.publicKey().kid());
        byte[] payload = parsed.payload().toArray();
        all.add(new Signature(
                key.publicKey().kid(),
                Bytes.wrap(header),
                Bytes.wrap(key.sign(toBeSigned(header, contentType, payload)))));
        all.sort(Comparator.comparing(s -> s.kid().unsafeArray(), Arrays::compareUnsigned));
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (Signature s : all) {
            joined.writeBytes(write(
                    s.protectedHeader().unsafeArray(), payload, s.signature().unsafeArray()));
        }
        parse(joined.toByteArray(), contentType);
        return joined.toByteArray();
    }

    private static byte[] item(String contentType, byte[] payload, SigningKey key) {
        requireFluxCbor(payload);
        byte[] header = header(contentType, key.publicKey().kid());
        return write(header, payload, key.sign(toBeSigned(header, contentType, payload)));
    }

    /** {@code {1: -19, 3: content type, 4: kid}}. */
    private static byte[] header(String contentType, Bytes kid) {
        Value.Text type = new Value.Text(contentType);
        byte[] out = new byte[3 + 1 + CborSize.text(type) + 1 + 2 + KID_LENGTH];
        int at = 0;
        out[at++] = (byte) 0xa3;
        out[at++] = 0x01;
        at = CborWriter.integer(-19, out, at);
        out[at++] = 0x03;
        at = CborWriter.text(type, out, at);
        out[at++] = 0x04;
        CborWriter.bytes(kid, out, at);
        return out;
    }

    /** Sig_structure of RFC 9052 section 4.4. */
    static byte[] toBeSigned(byte[] header, String contentType, byte[] payload) {
        return toBeSigned(header, contentType.getBytes(StandardCharsets.UTF_8), payload);
    }

    static byte[] toBeSigned(byte[] header, byte[] aad, byte[] payload) {
        int size = 1 + CONTEXT.length + byteString(header) + byteString(aad) + byteString(payload);
        byte[] out = new byte[size];
        out[0] = (byte) 0x84;
        System.arraycopy(CONTEXT, 0, out, 1, CONTEXT.length);
        int at = 1 + CONTEXT.length;
        at = CborWriter.bytes(Bytes.wrap(header), out, at);
        at = CborWriter.bytes(Bytes.wrap(aad), out, at);
        CborWriter.bytes(Bytes.wrap(payload), out, at);
        return out;
    }

    private static int byteString(byte[] bytes) {
        return CborSize.head(bytes.length) + bytes.length;
    }

    private static byte[] write(byte[] header, byte[] payload, byte[] signature) {
        byte[] out = new byte[2 + byteString(header) + 1 + byteString(payload) + byteString(signature)];
        int at = 0;
        out[at++] = (byte) 0xd2;
        out[at++] = (byte) 0x84;
        at = CborWriter.bytes(Bytes.wrap(header), out, at);
        out[at++] = (byte) 0xa0;
        at = CborWriter.bytes(Bytes.wrap(payload), out, at);
        CborWriter.bytes(Bytes.wrap(signature), out, at);
        return out;
    }

    /** What a refused file is called: the identity that it claims, or the hash of its bytes where it has not the form of an artifact. */
    public static Bytes nameOf(byte[] file, String contentType) {
        try {
            return parse(file, contentType).identity();
        } catch (FluxException formless) {
            return Bytes.wrap(Hashes.sha256(file));
        }
    }

    /**
     * Takes an artifact apart and refuses every other form.
     *
     * @throws FluxException ARTIFACT
     */
    public static Parsed parse(byte[] file, String contentType) {
        List<Signature> signatures = new ArrayList<>();
        Bytes payload = null;
        CoseReader reader = new CoseReader(file);
        while (!reader.atEnd()) {
            CoseReader.Sign1 item = reader.next();
            Bytes kid = kidOf(item.protectedHeader(), contentType);
            if (payload != null && !payload.equals(item.payload())) {
                throw refuse("its items have different payloads");
            }
            if (!signatures.isEmpty()
                    && Arrays.compareUnsigned(signatures.getLast().kid().unsafeArray(), kid.unsafeArray()) >= 0) {
                throw refuse("its items are not sorted by key id, or one key signed twice");
            }
            if (item.signature().length() != SIGNATURE_LENGTH) {
                throw refuse("a signature has " + item.signature().length() + " bytes, not 64");
            }
            payload = item.payload();
            signatures.add(new Signature(kid, item.protectedHeader(), item.signature()));
            if (signatures.size() > MAX_SIGNATURES) {
                throw refuse("it has more than " + MAX_SIGNATURES + " signatures");
            }
        }
        if (payload == null) {
            throw refuse("it is empty");
        }
        requireFluxCbor(payload.unsafeArray());
        return new Parsed(payload, Bytes.wrap(Hashes.sha256(payload.unsafeArray())), List.copyOf(signatures));
    }

    private static void requireFluxCbor(byte[] payload) {
        try {
            FluxCbor.decode(payload, 0, payload.length, FluxCbor.MAX_LEAF);
        } catch (CborException e) {
            throw refuse("its payload is not fluxCBOR: byte " + e.offset() + ": " + e.rule());
        }
    }

    /** There is one header for a content type and key: whatever differs from it is refused. */
    private static Bytes kidOf(Bytes header, String contentType) {
        if (header.length() > KID_LENGTH) {
            Bytes kid = Bytes.copyOf(header.unsafeArray(), header.length() - KID_LENGTH, header.length());
            if (Bytes.wrap(header(contentType, kid)).equals(header)) {
                return kid;
            }
        }
        throw refuse("its header is not {1: -19, 3: \"" + contentType + "\", 4: kid}");
    }

    /**
     * Verifies with pinned keys only; each key counts once.
     *
     * @throws FluxException ARTIFACT for another form, UNTRUSTED_KEY where too few trusted keys have signed, SIGNATURE where
     *     the signature of a trusted key does not verify
     */
    public static Verified verify(byte[] file, String contentType, Collection<VerifyKey> trusted, int threshold) {
        if (threshold < 1) {
            throw new FluxException(SignalError.UNTRUSTED_KEY, "at least one signature of a pinned key is needed");
        }
        Parsed parsed = parse(file, contentType);
        Map<Bytes, VerifyKey> byKid = new HashMap<>();
        trusted.forEach(key -> byKid.put(key.kid(), key));
        Set<Bytes> signers = new LinkedHashSet<>();
        for (Signature signature : parsed.signatures()) {
            VerifyKey key = byKid.get(signature.kid());
            if (key == null) {
                continue;
            }
            byte[] signed = toBeSigned(
                    signature.protectedHeader().unsafeArray(),
                    contentType,
                    parsed.payload().unsafeArray());
            if (!key.verify(signed, signature.signature().unsafeArray())) {
                throw new FluxException(
                        SignalError.SIGNATURE, "the signature of key " + shortOf(key.kid()) + " does not verify");
            }
            signers.add(key.kid());
        }
        if (signers.size() < threshold) {
            throw new FluxException(
                    SignalError.UNTRUSTED_KEY,
                    signers.isEmpty()
                            ? "no pinned key has signed it (signed by "
                                    + shortOf(parsed.signatures().getFirst().kid()) + ")"
                            : signers.size() + " pinned keys have signed it, " + threshold + " are needed");
        }
        return new Verified(parsed, signers);
    }

    private static String shortOf(Bytes kid) {
        return kid.hex().substring(0, 16);
    }

    static FluxException refuse(String what) {
        return new FluxException(SignalError.ARTIFACT, what);
    }
}
