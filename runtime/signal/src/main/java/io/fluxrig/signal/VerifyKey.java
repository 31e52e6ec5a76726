package io.fluxrig.signal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** An Ed25519 public key (RFC 8032), verified strictly as FORMATS section 6 demands. */
public final class VerifyKey {
    private static final int LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;

    /** SubjectPublicKeyInfo up to the key itself (RFC 8410 section 4). */
    private static final Bytes SPKI = Bytes.ofHex("302a300506032b6570032100");

    private final Bytes raw;
    private final Bytes kid;
    private final boolean proper;

    private VerifyKey(Bytes raw) {
        this.raw = raw;
        this.kid = Bytes.wrap(Hashes.sha256(raw.unsafeArray()));
        this.proper = Ed25519Points.isProper(raw);
    }

    /** @throws FluxException KEY where there are not 32 bytes */
    public static VerifyKey ofRaw(byte[] raw) {
        if (raw.length != LENGTH) {
            throw new FluxException(SignalError.KEY, "a public key has 32 bytes, not " + raw.length);
        }
        return new VerifyKey(Bytes.copyOf(raw));
    }

    /** From SubjectPublicKeyInfo; empty where that is of no Ed25519 key. */
    static Optional<VerifyKey> ofDer(byte[] der) {
        return der.length == SPKI.length() + LENGTH
                        && Bytes.copyOf(der, 0, SPKI.length()).equals(SPKI)
                ? Optional.of(ofRaw(Arrays.copyOfRange(der, SPKI.length(), der.length)))
                : Optional.empty();
    }

    /** @throws FluxException KEY where the file is not an Ed25519 public key in PEM form */
    public static VerifyKey readPem(Path file) {
        try {
            return ofDer(Pem.read(file, "PUBLIC KEY"))
                    .orElseThrow(() ->
                            new FluxException(SignalError.KEY, file.getFileName() + " is not an Ed25519 public key"));
        } catch (IOException e) {
            throw new FluxException(SignalError.KEY, file + " cannot be read", e);
        }
    }

    /** False for every signature that is not exactly valid; never throws for bad input. */
    public boolean verify(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH || !proper) {
            return false;
        }
        Bytes r = Bytes.copyOf(signature, 0, LENGTH);
        byte[] s = Arrays.copyOfRange(signature, LENGTH, SIGNATURE_LENGTH);
        if (!Ed25519Points.isProper(r) || !Ed25519Points.isBelowOrder(s)) {
            return false;
        }
        return hasValidEquation(message, signature);
    }

    /** The JDK's verifier recomputes R, so it multiplies by no cofactor; others test a multiple of the equation. */
    private boolean hasValidEquation(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der())));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        } catch (GeneralSecurityException notAPoint) {
            return false;
        }
    }

    /** 32 bytes. */
    public Bytes raw() {
        return raw;
    }

    /** SHA-256 of the 32 bytes. */
    public Bytes kid() {
        return kid;
    }

    /** SubjectPublicKeyInfo in PEM form. */
    public String pem() {
        return Pem.encode(der(), "PUBLIC KEY");
    }

    private byte[] der() {
        byte[] der = Arrays.copyOf(SPKI.unsafeArray(), SPKI.length() + LENGTH);
        raw.copyInto(der, SPKI.length());
        return der;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyKey that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "VerifyKey[" + kid.hex().substring(0, 16) + "]";
    }
}
