package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.signal.FluxException;
import java.util.Arrays;

/** Frames behind a binary length. Memory grows with what has come, never with what was announced. */
final class LengthReader implements FrameReader {
    private static final byte[] NOTHING = new byte[0];

    private final FramingSettings settings;
    private int headerRead;
    private long announced;
    private int length;
    private byte[] body = NOTHING;
    private int bodyRead;
    private byte[] complete;

    LengthReader(FramingSettings settings) {
        this.settings = settings;
    }

    @Override
    public int read(byte[] in, int from, int to) {
        int at = from;
        while (headerRead < settings.bytes() && at < to) {
            takeHeader(in[at++]);
        }
        if (headerRead < settings.bytes()) {
            return at - from;
        }
        int taken = Math.min(length - bodyRead, to - at);
        if (bodyRead == 0 && taken == length) {
            finish(length == 0 ? NOTHING : Arrays.copyOfRange(in, at, at + length));
            return at + taken - from;
        }
        keep(in, at, taken);
        if (bodyRead == length) {
            finish(body.length == length ? body : Arrays.copyOf(body, length));
        }
        return at + taken - from;
    }

    private void takeHeader(byte next) {
        int place = settings.order() == FramingSettings.Order.BIG ? settings.bytes() - 1 - headerRead : headerRead;
        announced |= (next & 0xFFL) << 8 * place;
        if (++headerRead == settings.bytes()) {
            long own = settings.inclusive() ? settings.bytes() : 0;
            // An inclusive length of zero is the keep-alive of those who count themselves.
            long bytes = announced == 0 ? 0 : announced - own;
            if (bytes < 0 || bytes > settings.maxFrame()) {
                throw new FluxException(
                        GearError.FRAME,
                        "a frame of " + bytes + " bytes was announced, at most " + settings.maxFrame() + " are taken");
            }
            length = (int) bytes;
        }
    }

    private void keep(byte[] in, int at, int taken) {
        int needed = bodyRead + taken;
        if (needed > body.length) {
            body = Arrays.copyOf(body, Math.min(length, Math.max(needed, 2 * body.length)));
        }
        System.arraycopy(in, at, body, bodyRead, taken);
        bodyRead = needed;
    }

    private void finish(byte[] frame) {
        complete = frame;
        headerRead = 0;
        announced = 0;
        length = 0;
        body = NOTHING;
        bodyRead = 0;
    }

    @Override
    public byte[] frame() {
        byte[] frame = complete;
        complete = null;
        return frame;
    }

    @Override
    public boolean midFrame() {
        return headerRead > 0;
    }
}
