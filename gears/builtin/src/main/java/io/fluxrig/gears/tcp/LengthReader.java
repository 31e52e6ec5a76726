package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.WireHeader;
import java.util.Arrays;

/** Frames behind a length. Memory grows with what has come, never with what was announced. */
final class LengthReader implements FrameReader {
    private static final byte[] NOTHING = new byte[0];

    private final WireHeader.Length form;
    private final int maxFrame;
    private final byte[] header;
    private int headerRead;
    private int length;
    private byte[] body = NOTHING;
    private int bodyRead;
    private byte[] complete;

    LengthReader(WireHeader.Length form, int maxFrame) {
        this.form = form;
        this.maxFrame = maxFrame;
        this.header = new byte[form.width()];
    }

    @Override
    public int read(byte[] in, int from, int to) {
        int at = from;
        while (headerRead < header.length && at < to) {
            takeHeader(in[at++]);
        }
        if (headerRead < header.length) {
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
        header[headerRead++] = next;
        if (headerRead < header.length) {
            return;
        }
        long announced = form.read(header, 0);
        if (announced < 0) {
            throw new FluxException(GearError.FRAME, "what stands before a frame is not its length");
        }
        if (announced > maxFrame) {
            throw new FluxException(
                    GearError.FRAME,
                    "a frame of " + announced + " bytes was announced, at most " + maxFrame + " are taken");
        }
        length = (int) announced;
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
