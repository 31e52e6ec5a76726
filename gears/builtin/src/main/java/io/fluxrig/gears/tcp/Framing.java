package io.fluxrig.gears.tcp;

/** Both directions of one framing. */
final class Framing {
    private final FramingSettings settings;
    private final byte[] delimiter;

    Framing(FramingSettings settings) {
        this.settings = settings;
        this.delimiter = settings.kind() == FramingSettings.Kind.DELIMITER ? settings.delimiterBytes() : new byte[0];
    }

    int maxFrame() {
        return settings.maxFrame();
    }

    /** A reader for one connection. */
    FrameReader reader() {
        return switch (settings.kind()) {
            case LENGTH -> new LengthReader(settings);
            case DELIMITER -> new DelimiterReader(delimiter, settings.maxFrame());
        };
    }

    /** The frame as it stands on the wire; {@code frame} has at most {@link #maxFrame()} bytes. */
    byte[] wrap(byte[] frame) {
        return switch (settings.kind()) {
            case LENGTH -> withLength(frame);
            case DELIMITER -> {
                byte[] wire = new byte[frame.length + delimiter.length];
                System.arraycopy(frame, 0, wire, 0, frame.length);
                System.arraycopy(delimiter, 0, wire, frame.length, delimiter.length);
                yield wire;
            }
        };
    }

    private byte[] withLength(byte[] frame) {
        int bytes = settings.bytes();
        int length = frame.length + (settings.inclusive() ? bytes : 0);
        byte[] wire = new byte[bytes + frame.length];
        for (int i = 0; i < bytes; i++) {
            int place = settings.order() == FramingSettings.Order.BIG ? bytes - 1 - i : i;
            wire[i] = (byte) (length >>> 8 * place);
        }
        System.arraycopy(frame, 0, wire, bytes, frame.length);
        return wire;
    }
}
