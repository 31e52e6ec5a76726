package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps what nobody but a host of a movable Rack may read: {@code nonce(12) ‖ AES-256-GCM(secret, content, aad)}, where the additional data is {@code
 * "fluxrig/rack-wrap/1" ‖ 0 ‖ rack ‖ 0 ‖ what}, so that nothing can stand for something else.
 */
final class RackSecret {
    private static final int BYTES = 32;
    private static final int NONCE = 12;

    private final SecretKeySpec key;

    private RackSecret(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** @throws FluxException RACK_SECRET where there is no file of 32 bytes */
    static RackSecret in(String file) {
        if (file.isEmpty()) {
            throw new FluxException(NodeError.RACK_SECRET, "FLUXRIG_RACK_SECRET_FILE names no file");
        }
        try {
            if (Files.size(Path.of(file)) != BYTES) {
                throw new FluxException(
                        NodeError.RACK_SECRET, file + " has " + Files.size(Path.of(file)) + " bytes, not " + BYTES);
            }
            return new RackSecret(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new FluxException(NodeError.RACK_SECRET, file + " cannot be read", e);
        }
    }

    byte[] wrap(String rack, String what, byte[] content) {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, rack, what).doFinal(content);
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    /** @throws FluxException RACK_SECRET where another secret wrapped it, or something else */
    byte[] unwrap(String rack, String what, byte[] wrapped) {
        try {
            if (wrapped.length > NONCE) {
                return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, NONCE), rack, what)
                        .doFinal(wrapped, NONCE, wrapped.length - NONCE);
            }
        } catch (GeneralSecurityException another) {
            // told below
        }
        throw new FluxException(
                NodeError.RACK_SECRET,
                "it does not open the " + what + " of '" + rack + "': it is not the one of before");
    }

    private Cipher cipher(int mode, byte[] nonce, String rack, String what) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(("fluxrig/rack-wrap/1\0" + rack + "\0" + what).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
