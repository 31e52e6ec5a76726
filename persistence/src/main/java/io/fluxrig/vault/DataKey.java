package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One data-encryption key in use (FORMATS section 7). The nonce is the leaf index, so a key must never seal two different leaves
 * under one index: that is why every start makes a fresh key. Not for use by several threads at once.
 */
public final class DataKey {
    private final SecretKeySpec dek;
    private final Bytes k;
    private final Mac mac;
    private final Cipher cipher;

    DataKey(byte[] dek) {
        this.dek = new SecretKeySpec(dek, "AES");
        this.k = Bytes.wrap(DataKeys.derive("fluxrig/dek/1", dek));
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(DataKeys.derive("fluxrig/mac/1", dek), "HmacSHA256"));
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM and HMAC-SHA-256 are part of every JDK", e);
        }
    }

    /** The key's public name, SHA-256("fluxrig/dek/1" ‖ DEK). */
    public Bytes k() {
        return k;
    }

    synchronized byte[] seal(long n, byte[] aad, byte[] plain) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, dek, nonce(n));
            cipher.updateAAD(aad);
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("leaf " + n + " cannot be sealed", e);
        }
    }

    synchronized byte[] open(long n, byte[] aad, byte[] sealed) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, dek, nonce(n));
            cipher.updateAAD(aad);
            return cipher.doFinal(sealed);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException altered) {
            throw new FluxException(VaultError.SEALED, "leaf " + n + " does not open with its key");
        }
    }

    /** HMAC-SHA-256 with the key derived for digests. */
    public synchronized byte[] digest(byte[] message) {
        return mac.doFinal(message);
    }

    private static GCMParameterSpec nonce(long n) {
        return new GCMParameterSpec(
                128, ByteBuffer.allocate(12).putInt(0).putLong(n).array());
    }

    @Override
    public String toString() {
        return "DataKey[" + k.hex().substring(0, 8) + "]";
    }

    /** The key itself, for a bundle that its owner wants opened. */
    public synchronized byte[] unwrapped() {
        return dek.getEncoded();
    }
}
