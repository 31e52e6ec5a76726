package io.fluxrig.signal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, and the leaf and node hashes of RFC 9162 section 2.1.1. */
public final class Hashes {
    /** Bytes of a SHA-256. */
    public static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /** Always between two digests: each use ends with one. */
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Hashes::newDigest);

    private Hashes() {}

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** Over these parts, one after the other. */
    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = DIGEST.get();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    public static byte[] leafHash(byte[] leaf) {
        return leafHash(leaf, 0, leaf.length);
    }

    /** Of the leaf that these {@code length} bytes are. */
    public static byte[] leafHash(byte[] bytes, int from, int length) {
        MessageDigest digest = DIGEST.get();
        digest.update(LEAF);
        digest.update(bytes, from, length);
        return digest.digest();
    }

    public static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest digest = DIGEST.get();
        digest.update(NODE);
        digest.update(left);
        digest.update(right);
        return digest.digest();
    }

    /** The root of a tree without leaves. */
    public static byte[] emptyRoot() {
        return sha256();
    }
}
