package io.fluxrig.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of standard input. A line that is longer than the bound is told as such and passed over. */
final class LineInput {
    private static final int MAX = 4 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;

    LineInput(InputStream in) {
        this.in = in;
    }

    /** @param tooLong whether it was, and then {@code text} is empty */
    record Line(String text, boolean tooLong) {}

    /** Null at the end. */
    Line next() throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        boolean tooLong = false;
        boolean any = false;
        while (true) {
            if (at == end && !fill()) {
                return any ? line(line, length, tooLong) : null;
            }
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            int more = at - from;
            tooLong |= length + more > MAX;
            if (!tooLong) {
                if (length + more > line.length) {
                    line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
                }
                System.arraycopy(buffer, from, line, length, more);
                length += more;
            }
            if (at < end) {
                at++;
                return line(line, length, tooLong);
            }
        }
    }

    private static Line line(byte[] line, int length, boolean tooLong) {
        return new Line(tooLong ? "" : new String(line, 0, length, StandardCharsets.UTF_8).strip(), tooLong);
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    /** Whether the next line would have to be waited for. */
    boolean isIdle() throws IOException {
        return at == end && in.available() == 0;
    }
}
