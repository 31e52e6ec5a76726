package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The compiled wire layer of a spec. Decoding never throws for bad input and loses nothing: encoding what was decoded gives the same bytes.
 * {@code data} holds each element under its number, {@code "0"} for the MTI: text as on the wire, padding and leading zeros included, or bytes for binary elements.
 */
public final class Codec {
    private static final int BLOCK_BITS = 64;
    private static final int MAX_BLOCKS = 3;

    private final ElementForm mti;
    private final BitmapForm bitmap;
    private final ElementForm[] elements;
    private final String[] names;

    Codec(Map<Integer, FieldDef> defs) {
        mti = new ElementForm(defs.get(0));
        bitmap = new BitmapForm(defs.get(1).encoding());
        elements = new ElementForm[MAX_BLOCKS * BLOCK_BITS + 1];
        names = new String[elements.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = Integer.toString(i);
        }
        defs.forEach((number, def) -> {
            if (number > 1) {
                elements[number] = new ElementForm(def);
            }
        });
    }

    /** What decoding gave. */
    public sealed interface Decoded {
        record Ok(FluxMap data) implements Decoded {}

        /**
         * @param field where reading stopped: {@code 0} the MTI, {@code 1} the bitmap, {@code -} after the last element
         * @param offset of the byte at which it stopped
         * @param readSoFar elements before it
         */
        record Unreadable(String field, int offset, String reason, FluxMap readSoFar) implements Decoded {}
    }

    /** A message without what must never be stored. */
    public record Stored(FluxMap data, byte[] raw, List<Red> red) {}

    /** A removed element and where its value lay in the raw bytes. */
    public record Red(String path, int offset, int length) {}

    /** Where an element's value lies. */
    private record Place(int number, int from, int to) {}

    /** Reads {@code [from, to)}. */
    public Decoded decode(byte[] bytes, int from, int to) {
        WireCursor cursor = new WireCursor(bytes, from, to);
        FluxMap.Builder data = FluxMap.builder();
        try {
            walk(cursor, data, null);
            return new Decoded.Ok(data.build());
        } catch (WireCursor.Stop stop) {
            String field = cursor.element() < 0 ? "-" : names[cursor.element()];
            return new Decoded.Unreadable(field, cursor.at() - from, stop.getMessage(), data.build());
        }
    }

    private void walk(WireCursor cursor, FluxMap.Builder data, List<Place> places) {
        cursor.element(0);
        Value type = mti.read(cursor);
        if (!(type instanceof Value.Text text) || !isMti(text.value())) {
            throw cursor.stop("the MTI is not four digits");
        }
        data.put("0", type);
        cursor.element(1);
        long[] blocks = bitmap.read(cursor);
        for (int number = 2; number <= blocks.length * BLOCK_BITS; number++) {
            boolean present =
                    (blocks[(number - 1) / BLOCK_BITS] >>> (BLOCK_BITS - 1 - (number - 1) % BLOCK_BITS) & 1) == 1;
            boolean continues = (number - 1) % BLOCK_BITS == 0;
            if (present && !continues) {
                cursor.element(number);
                if (elements[number] == null) {
                    throw cursor.stop("the spec does not describe this element");
                }
                Value value = elements[number].read(cursor);
                data.put(names[number], value);
                if (places != null && elements[number].isSad()) {
                    places.add(new Place(number, cursor.valueFrom(), cursor.at()));
                }
            }
        }
        cursor.element(-1);
        if (!cursor.atEnd()) {
            throw cursor.stop("bytes are left after the last element");
        }
    }

    private static boolean isMti(String text) {
        return text.length() == 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** @throws FluxException ENCODE with the element where a value does not fit */
    public byte[] encode(FluxMap data) {
        WireBuffer out = new WireBuffer();
        if (!(data.get("0") instanceof Value.Text type) || !isMti(type.value())) {
            throw new FluxException(SpecError.ENCODE, "element 0: the MTI is not four digits");
        }
        mti.write("0", type, out);
        long[] blocks = new long[MAX_BLOCKS];
        int last = 1;
        for (int i = 0; i < data.size(); i++) {
            int number = numberOf(data.keyAt(i));
            if (number == 0) {
                continue;
            }
            if (number < 2 || elements[number] == null || (number - 1) % BLOCK_BITS == 0) {
                throw new FluxException(SpecError.ENCODE, "element " + data.keyAt(i) + " is not described by the spec");
            }
            blocks[(number - 1) / BLOCK_BITS] |= 1L << (BLOCK_BITS - 1 - (number - 1) % BLOCK_BITS);
            last = Math.max(last, number);
        }
        int count = (last + BLOCK_BITS - 1) / BLOCK_BITS;
        for (int i = 0; i < count - 1; i++) {
            blocks[i] |= Long.MIN_VALUE;
        }
        bitmap.write(blocks, count, out);
        // Keys sort by length and then bytewise, which for numbers is by number.
        for (int i = 0; i < data.size(); i++) {
            int number = numberOf(data.keyAt(i));
            if (number > 1) {
                elements[number].write(names[number], data.valueAt(i), out);
            }
        }
        return out.toBytes();
    }

    private static int numberOf(String key) {
        int number = 0;
        if (key.length() > 3 || key.isEmpty() || key.length() > 1 && key.charAt(0) == '0') {
            throw unknown(key);
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < '0' || c > '9') {
                throw unknown(key);
            }
            number = number * 10 + c - '0';
        }
        if (number > MAX_BLOCKS * BLOCK_BITS) {
            throw unknown(key);
        }
        return number;
    }

    private static FluxException unknown(String key) {
        return new FluxException(
                SpecError.ENCODE,
                "'" + (key.length() > 20 ? key.substring(0, 20) : key) + "' is not an element number");
    }

    /**
     * Takes out what must never be stored: from {@code data}, and as zeros in {@code raw}.
     *
     * @throws FluxException MISMATCH where {@code raw} cannot be read by this spec
     */
    public Stored withoutSad(FluxMap data, byte[] raw) {
        FluxMap kept = data;
        List<Red> red = new ArrayList<>(0);
        if (raw.length > 0) {
            List<Place> places = new ArrayList<>(2);
            WireCursor cursor = new WireCursor(raw, 0, raw.length);
            try {
                walk(cursor, FluxMap.builder(), places);
            } catch (WireCursor.Stop stop) {
                throw new FluxException(
                        SpecError.MISMATCH, "raw stops at byte " + cursor.at() + ": " + stop.getMessage());
            }
            if (!places.isEmpty()) {
                raw = raw.clone();
                for (Place place : places) {
                    Arrays.fill(raw, place.from(), place.to(), (byte) 0);
                    red.add(new Red(names[place.number()], place.from(), place.to() - place.from()));
                }
            }
        }
        for (int i = 0; i < data.size(); i++) {
            String key = data.keyAt(i);
            if (isSad(key)) {
                kept = kept.without(key);
                if (raw.length == 0 || red.stream().noneMatch(r -> r.path().equals(key))) {
                    red.add(new Red(key, 0, 0));
                }
            }
        }
        return new Stored(kept, raw, red);
    }

    private boolean isSad(String key) {
        return key.length() <= 3
                && !key.isEmpty()
                && key.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(key) < elements.length
                && elements[Integer.parseInt(key)] != null
                && elements[Integer.parseInt(key)].isSad();
    }

    /** For a replay: raw bytes in which the removed values are harmless ones of the same length, so that they can be read again. */
    public byte[] refill(byte[] raw, List<Red> red) {
        byte[] filled = raw.clone();
        for (Red one : red) {
            int number = numberOf(one.path());
            if (elements[number] != null
                    && one.offset() >= 0
                    && one.length() >= 0
                    && one.length() <= filled.length - one.offset()) {
                Arrays.fill(filled, one.offset(), one.offset() + one.length(), elements[number].filler());
            }
        }
        return filled;
    }

    /** The MTI of decoded data, empty where there is none. */
    public Optional<String> mti(FluxMap data) {
        return data.text("0");
    }

    static Value bytesValue(byte[] source, int from, int to) {
        return new Value.Bin(Bytes.copyOf(source, from, to));
    }
}
