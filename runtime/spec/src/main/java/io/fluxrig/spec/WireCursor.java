package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A place in a frame that is being read. Knows which element and part it is at, so that a stop can be told. */
final class WireCursor {
    /** Reading stops: expected for hostile input, so it carries no stack trace. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Where the value of an element or part lies in the frame. */
    record Place(String path, int from, int to, Value value) {}

    private static final String[] NO_PARTS = {};
    private static final int MAX_DEPTH = 8;

    final byte[] bytes;
    private int end;
    private int at;
    private int element;
    private int valueFrom;
    private String[] parts = NO_PARTS;
    private int depth;
    private final List<Place> sensitive;
    private List<Place> all;

    /** Of decoded digits: where they begin in the frame, and how many bytes each of ours takes there. */
    private final int origin;

    private final int scale;

    WireCursor(byte[] bytes, int from, int to) {
        this(bytes, from, to, null);
    }

    /** @param sensitive takes the places of what must never be stored; null where nobody asks */
    WireCursor(byte[] bytes, int from, int to, List<Place> sensitive) {
        this(bytes, from, to, sensitive, 0, 1);
    }

    private WireCursor(byte[] bytes, int from, int to, List<Place> sensitive, int origin, int scale) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.sensitive = sensitive;
        this.origin = origin;
        this.scale = scale;
    }

    /** Also takes the places of every value, parts included. */
    List<Place> observed() {
        all = new ArrayList<>();
        return all;
    }

    Stop stop(String reason) {
        return new Stop(reason);
    }

    int at() {
        return at;
    }

    int left() {
        return end - at;
    }

    boolean atEnd() {
        return at == end;
    }

    void element(int number) {
        element = number;
    }

    /** {@code 0} the MTI, {@code 1} the bitmap, {@code 55.9F02} a part, {@code -} after the last element. */
    String path() {
        if (element < 0) {
            return "-";
        }
        String name = Integer.toString(element);
        return depth == 0
                ? name
                : name + "." + String.join(".", Arrays.asList(parts).subList(0, depth));
    }

    void enterPart(String id) {
        if (depth == MAX_DEPTH) {
            throw stop("parts lie more than " + MAX_DEPTH + " deep");
        }
        if (depth == parts.length) {
            parts = Arrays.copyOf(parts, MAX_DEPTH);
        }
        parts[depth++] = id;
    }

    void leavePart() {
        depth--;
    }

    /** Nothing beyond the next bytes is there until {@link #leave}; returns what that needs. */
    int enter(int length) {
        need(length);
        int outer = end;
        end = at + length;
        return outer;
    }

    void leave(int outer) {
        if (at != end) {
            throw stop((end - at) + " bytes are left after the last part");
        }
        end = outer;
    }

    /** A cursor over bytes that stand here as hex digits; what it tells is told in places of this one. */
    WireCursor decoded(byte[] content, int from) {
        WireCursor inner = new WireCursor(content, 0, content.length, sensitive, from, 2);
        inner.element = element;
        inner.parts = parts;
        inner.depth = depth;
        inner.all = all;
        return inner;
    }

    /** Stands where an inner cursor stopped. */
    void at(WireCursor inner) {
        at = inner.origin + inner.scale * inner.at;
        parts = inner.parts;
        depth = inner.depth;
    }

    private void need(int count) {
        if (count > end - at) {
            throw stop("needs " + count + " more bytes, has " + (end - at));
        }
    }

    /** Moves over this many bytes of a length and returns where they begin. */
    int take(int count) {
        need(count);
        int from = at;
        at += count;
        return from;
    }

    /** Moves over a value and returns where it begins. */
    int takeValue(int count) {
        valueFrom = at;
        return take(count);
    }

    /** Where the value read last begins, after its length. */
    int valueFrom() {
        return valueFrom;
    }

    /** Steps back to where the value began, so that a stop names its first byte. */
    Stop stopAtValue(String reason) {
        at = valueFrom;
        return stop(reason);
    }

    /** A value, or a part of one, has been read from {@code [from, to)}. */
    void value(boolean sad, int from, int to, Value value) {
        if (sad && sensitive != null) {
            sensitive.add(new Place(path(), origin + scale * from, origin + scale * to, value));
        }
        if (all != null) {
            all.add(new Place(path(), origin + scale * from, origin + scale * to, value));
        }
    }
}
