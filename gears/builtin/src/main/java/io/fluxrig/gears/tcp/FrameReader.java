package io.fluxrig.gears.tcp;

import io.fluxrig.signal.FluxException;

/** Cuts one connection's bytes into frames, however they come in. Not safe for use by several threads. */
interface FrameReader {
    /**
     * Reads up to the end of one frame.
     *
     * @return how many bytes of {@code [from, to)} were taken, at least one where there is one
     * @throws FluxException FRAME where the peer breaks the framing
     */
    int read(byte[] in, int from, int to);

    /** The frame that the last {@link #read} completed, once; null where it completed none. Empty for a keep-alive. */
    byte[] frame();

    /** Whether a frame has begun and not ended. */
    boolean midFrame();
}
