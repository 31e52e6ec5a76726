package io.fluxrig.signal;

import java.util.Arrays;
import java.util.List;

/**
 * Walks over the maps of a sequence (RFC 8742), checks them as strictly as decoding does, and tells where the values of some keys lie; makes no values but those that are asked
 * for. For one thread.
 */
public final class CborSkim extends CborCursor {
    private final Key[] wanted;
    private final int[] places;

    /** @param keys of the outermost maps, whose order numbers {@link #has} and {@link #value} take; in the order of their encoding */
    public CborSkim(byte[] bytes, List<String> keys) {
        super(bytes, 0, bytes.length);
        wanted = keys.stream().map(Key::of).toArray(Key[]::new);
        for (int i = 1; i < wanted.length; i++) {
            if (Key.compare(wanted[i - 1], wanted[i]) >= 0) {
                throw new IllegalArgumentException("the keys are not in the order of their encoding");
            }
        }
        places = new int[wanted.length];
    }

    /**
     * Walks over the map at {@code from}.
     *
     * @return the offset after it
     * @throws CborException with offset and rule; {@code not-a-map} for another item
     */
    public int map(int from, int maxBytes) {
        at = from;
        Arrays.fill(places, -1);
        int initial = octet();
        if (initial >> 5 != 5) {
            throw new CborException(from, "not-a-map");
        }
        entries(initial & 31, from, 0, true);
        if (at - from > maxBytes) {
            throw new CborException(from, "too-large");
        }
        return at;
    }

    /** Whether the map that was walked over last holds this key. */
    public boolean has(int key) {
        return places[key] >= 0;
    }

    /** The value under this key; null where there is none. */
    public Value value(int key) {
        return places[key] < 0 ? null : new CborReader(bytes, places[key], end).value(1);
    }

    /** Whether the value under this key has exactly this encoding. */
    public boolean is(int key, byte[] encoded) {
        int place = places[key];
        return place >= 0
                && end - place >= encoded.length
                && Arrays.equals(bytes, place, place + encoded.length, encoded, 0, encoded.length);
    }

    private void item(int depth) {
        int start = at;
        int initial = octet();
        int info = initial & 31;
        switch (initial >> 5) {
            case 0, 1 -> argument(info, start);
            case 2 -> {
                int length = length(argument(info, start), start);
                at += length;
            }
            case 3 -> text(info, start);
            case 4 -> items(info, start, depth);
            case 5 -> entries(info, start, depth, false);
            default -> {
                // Tags, floats and simple values: rare, and their rules are many.
                CborReader reader = new CborReader(bytes, start, end);
                reader.value(depth);
                at = reader.position();
            }
        }
    }

    private void text(int info, int start) {
        int length = length(argument(info, start), start);
        if (!Octets.isAscii(bytes, at, at + length)) {
            Utf8.read(bytes, at, length, start);
        }
        at += length;
    }

    private void items(int info, int start, int depth) {
        deeper(depth, start);
        int count = length(argument(info, start), start);
        for (int i = 0; i < count; i++) {
            item(depth + 1);
        }
    }

    private void entries(int info, int start, int depth, boolean outermost) {
        deeper(depth, start);
        long count = argument(info, start);
        if (count < 0 || count > (end - at) / 2) {
            throw new CborException(start, TRUNCATED);
        }
        int next = 0;
        int before = -1;
        int beforeEnd = -1;
        for (long i = 0; i < count; i++) {
            int key = at;
            key(before, beforeEnd);
            if (outermost) {
                next = place(next, key, at);
            }
            before = key;
            beforeEnd = at;
            item(depth + 1);
        }
    }

    private static void deeper(int depth, int start) {
        if (depth >= CborSize.MAX_DEPTH) {
            throw new CborException(start, "depth");
        }
    }

    private void key(int before, int beforeEnd) {
        int start = at;
        int initial = octet();
        if (initial >> 5 != 3) {
            throw new CborException(start, "key-not-text");
        }
        text(initial & 31, start);
        if (before >= 0) {
            int order = Arrays.compareUnsigned(bytes, before, beforeEnd, bytes, start, at);
            if (order >= 0) {
                throw new CborException(start, order == 0 ? "duplicate-key" : "unsorted-keys");
            }
        }
    }

    /** Both the map's keys and those that are wanted are in order, so each wanted one is passed once. */
    private int place(int from, int key, int keyEnd) {
        int next = from;
        while (next < wanted.length) {
            int order = wanted[next].compareTo(bytes, key, keyEnd);
            if (order > 0) {
                break;
            }
            if (order == 0) {
                places[next] = keyEnd;
            }
            next++;
        }
        return next;
    }
}
