package io.fluxrig.signal;

import java.security.SecureRandom;
import java.util.Arrays;

/** Keys made from fixed seeds: the same in every run, and worth nothing. */
final class Keys {
    static final SigningKey FIRST = ofSeed(1);
    static final SigningKey SECOND = ofSeed(2);
    static final SigningKey THIRD = ofSeed(3);

    private Keys() {}

    static SigningKey ofSeed(int fill) {
        return SigningKey.generate(new Fixed(fill));
    }

    /** A generator that is not random at all. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final int fill;

        Fixed(int fill) {
            this.fill = fill;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) fill);
        }
    }
}
