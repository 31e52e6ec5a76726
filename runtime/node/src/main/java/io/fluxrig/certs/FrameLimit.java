package io.fluxrig.certs;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Follows the frames of one connection between nodes: five bytes first, then each frame behind its length in four bytes, the lowest first. Pekko gathers a frame of any
 * announced length before it looks at it, and goes round in circles over a negative one.
 */
final class FrameLimit {
    private static final int BEFORE_FRAMES = 5;
    private static final int LENGTH_BYTES = 4;

    private final long largest;
    private int toSkip = BEFORE_FRAMES;
    private long announced;
    private int read;

    FrameLimit(long largest) {
        this.largest = largest;
    }

    /** Why the connection must not go on after what its peer said next; empty where it may. */
    Optional<String> objectionTo(ByteBuffer said) {
        while (said.hasRemaining()) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, said.remaining());
                said.position(said.position() + skipped);
                toSkip -= skipped;
                continue;
            }
            announced |= (said.get() & 0xffL) << 8 * read++;
            if (read == LENGTH_BYTES) {
                if (announced > largest) {
                    return Optional.of("a frame of " + announced + " bytes is announced");
                }
                toSkip = (int) announced;
                announced = 0;
                read = 0;
            }
        }
        return Optional.empty();
    }
}
