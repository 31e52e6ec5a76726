package io.fluxrig.certs;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Follows the frames of one connection between nodes: five bytes first, then each frame behind its length in four bytes, the lowest first. Pekko gathers a frame of any
 * announced length before it looks at it, goes round in circles over a negative one, and takes as many as come.
 */
final class FrameLimit {
    private static final int BEFORE_FRAMES = 5;
    private static final int LENGTH_BYTES = 4;

    private final long largest;
    private final PeerRates.Peer peer;
    private int toSkip = BEFORE_FRAMES;
    private long announced;
    private int read;

    FrameLimit(long largest, PeerRates.Peer peer) {
        this.largest = largest;
        this.peer = peer;
    }

    /** Why the connection must not go on after what its peer said next; empty where it may. */
    Optional<String> objectionTo(ByteBuffer said) {
        int bytes = said.remaining();
        int frames = 0;
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
                    return Optional.of(peer.overstepped("it announces a frame of " + announced + " bytes"));
                }
                toSkip = (int) announced;
                announced = 0;
                read = 0;
                frames++;
            }
        }
        return peer.maySay(frames, bytes)
                ? Optional.empty()
                : Optional.of(peer.overstepped("it says more than one node may"));
    }
}
