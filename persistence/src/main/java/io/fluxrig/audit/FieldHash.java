package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.vault.DataKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an index knows of a value: the first eight bytes of HMAC-SHA-256 over {@code path 00 value}, keyed by SHA-256("fluxrig/index/1" ‖ key-encryption key). Without the
 * Rack's key nobody can try values against it.
 */
final class FieldHash {
    private final Mac mac;
    private final String name;

    private FieldHash(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", e);
        }
        name = Bytes.copyOf(mac.doFinal(new byte[] {1}), 0, 8).hex();
    }

    static FieldHash keyedBy(DataKeys keys) {
        return new FieldHash(keys.indexKey());
    }

    /** Tells indexes of different keys apart, and those that were made without any. */
    String name() {
        return name;
    }

    long of(String path, String text) {
        mac.update(path.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return ByteBuffer.wrap(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
