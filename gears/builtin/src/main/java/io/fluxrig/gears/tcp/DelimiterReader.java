package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.signal.FluxException;
import java.util.Arrays;

/** Frames that end with a delimiter, which is not part of them. */
final class DelimiterReader implements FrameReader {
    private static final byte[] NOTHING = new byte[0];

    private final byte[] delimiter;
    private final int maxFrame;
    private byte[] held = NOTHING;
    private int size;
    private byte[] complete;

    DelimiterReader(byte[] delimiter, int maxFrame) {
        this.delimiter = delimiter;
        this.maxFrame = maxFrame;
    }

    @Override
    public int read(byte[] in, int from, int to) {
        for (int at = from; at < to; at++) {
            append(in[at]);
            if (endsWithDelimiter()) {
                complete = Arrays.copyOf(held, size - delimiter.length);
                held = NOTHING;
                size = 0;
                return at + 1 - from;
            }
            if (size == maxFrame + delimiter.length) {
                throw new FluxException(GearError.FRAME, "no delimiter within " + maxFrame + " bytes");
            }
        }
        return to - from;
    }

    private void append(byte next) {
        if (size == held.length) {
            held = Arrays.copyOf(held, Math.max(64, 2 * size));
        }
        held[size++] = next;
    }

    private boolean endsWithDelimiter() {
        int start = size - delimiter.length;
        return start >= 0 && Arrays.equals(held, start, size, delimiter, 0, delimiter.length);
    }

    @Override
    public byte[] frame() {
        byte[] frame = complete;
        complete = null;
        return frame;
    }

    @Override
    public boolean midFrame() {
        return size > 0;
    }
}
