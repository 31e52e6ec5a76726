package io.fluxrig.spec;

/** A place in a frame that is being read. Knows which element it is at, so that a stop can be told. */
final class WireCursor {
    /** Reading stops: expected for hostile input, so it carries no stack trace. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop(String reason) {
            super(reason, null, false, false);
        }
    }

    final byte[] bytes;
    private final int end;
    private int at;
    private int element;
    private int valueFrom;

    WireCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    Stop stop(String reason) {
        return new Stop(reason);
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at == end;
    }

    /** -1 after the last. */
    int element() {
        return element;
    }

    void element(int number) {
        element = number;
    }

    /** Where the value of the element read last begins, after its length. */
    int valueFrom() {
        return valueFrom;
    }

    /** Moves over this many bytes of a length and returns where they begin. */
    int take(int count) {
        if (count > end - at) {
            throw stop("needs " + count + " more bytes, has " + (end - at));
        }
        int from = at;
        at += count;
        return from;
    }

    /** Moves over a value and returns where it begins. */
    int takeValue(int count) {
        valueFrom = at;
        return take(count);
    }

    /** Steps back to where the value began, so that a stop names its first byte. */
    Stop stopAtValue(String reason) {
        at = valueFrom;
        return stop(reason);
    }
}
