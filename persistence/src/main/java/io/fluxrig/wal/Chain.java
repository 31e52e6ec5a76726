package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Binds every group to all before it: {@code SHA-256(chain before ‖ head and CRC of each frame of the group)}. The CRCs stand for the
 * bytes, so that payloads are not hashed twice.
 */
final class Chain {
    private final MessageDigest sha256;
    private final ByteBuffer line = ByteBuffer.allocate(Format.HEAD + Format.CRC);

    Chain() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void begin(byte[] before) {
        sha256.reset();
        sha256.update(before);
    }

    /** @param at where the frame of {@code length} bytes begins in the buffer */
    void add(ByteBuffer buffer, int at, int length) {
        line.clear();
        line.putLong(buffer.getLong(at)).putLong(buffer.getLong(at + 8)).putLong(buffer.getLong(at + 16));
        line.putInt(buffer.getInt(at + length - Format.CRC));
        sha256.update(line.array());
    }

    byte[] end() {
        return sha256.digest();
    }
}
