package io.fluxrig.signal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, and the leaf and node hashes of RFC 9162 section 2.1.1. */
public final class Hashes {
    /** Bytes of a SHA-256. */
    public static final int LENGTH = 32;

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private Hashes() {}

    /** Over these parts, one after the other. */
    public static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    public static byte[] leafHash(byte[] leaf) {
        return sha256(LEAF, leaf);
    }

    public static byte[] nodeHash(byte[] left, byte[] right) {
        return sha256(NODE, left, right);
    }

    /** The root of a tree without leaves. */
    public static byte[] emptyRoot() {
        return sha256();
    }
}
