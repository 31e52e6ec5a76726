package io.fluxrig.spec;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.WireCursor.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The compiled wire layer of a spec. Decoding never throws for bad input and loses nothing: encoding what was decoded gives the same bytes. {@code data} holds each
 * element under its number, {@code "0"} for the message type: text as on the wire, padding and leading zeros included, bytes for binary elements, and composites as
 * {@link Composites} says. A bitmap whose digits are not upper case stands under {@code "1"}.
 */
public final class Codec {
    private static final int BLOCK_BITS = 64;
    private static final int MAX_BLOCKS = 3;
    private static final String BITMAP = "1";

    /** Whether element 0 is a message type of ISO 8583. */
    private final boolean iso;

    /** Null where every element is always there. */
    private final BitmapForm bitmap;

    private final Form[] elements = new Form[MAX_BLOCKS * BLOCK_BITS + 1];
    private final int[] numbers;
    private final Sad sad;

    Codec(Map<Integer, FieldDef> defs, boolean iso, Sad sad) {
        this.iso = iso;
        this.sad = sad;
        FieldDef first = defs.get(1);
        bitmap = first != null && first.kind() == FieldDef.Kind.BITMAP ? new BitmapForm(first.encoding()) : null;
        defs.forEach((number, def) -> {
            if (number != 1 || bitmap == null) {
                elements[number] = Form.of(def);
            }
        });
        numbers = defs.keySet().stream()
                .mapToInt(Integer::intValue)
                .filter(number -> elements[number] != null)
                .sorted()
                .toArray();
    }

    /** What decoding gave. */
    public sealed interface Decoded {
        record Ok(FluxMap data) implements Decoded {}

        /**
         * @param field where reading stopped: {@code 0} the MTI, {@code 1} the bitmap, {@code 55.9F02} a part, {@code -} after the last element
         * @param offset of the byte at which it stopped
         * @param readSoFar elements before it
         */
        record Unreadable(String field, int offset, String reason, FluxMap readSoFar) implements Decoded {}
    }

    /** A message without what must never be stored. */
    public record Stored(FluxMap data, byte[] raw, List<Red> red) {}

    /** A removed element or part and where its value lay in the raw bytes. */
    public record Red(String path, int offset, int length) {}

    /** Reads {@code [from, to)}. */
    public Decoded decode(byte[] bytes, int from, int to) {
        return decode(new WireCursor(bytes, from, to), from, null);
    }

    private Decoded decode(WireCursor cursor, int from, List<Place> steps) {
        FluxMap.Builder data = FluxMap.builder();
        try {
            walk(cursor, data, steps);
            return new Decoded.Ok(data.build());
        } catch (WireCursor.Stop stop) {
            return new Decoded.Unreadable(cursor.path(), cursor.at() - from, stop.getMessage(), data.build());
        }
    }

    /** What was found where, each element and each part; the elements' own places include their lengths. */
    record Observed(List<Place> elements, List<Place> values, Decoded outcome) {}

    /** Reads all and tells where everything lies. */
    Observed observe(byte[] bytes) {
        WireCursor cursor = new WireCursor(bytes, 0, bytes.length);
        List<Place> values = cursor.observed();
        List<Place> steps = new ArrayList<>();
        Decoded outcome = decode(cursor, 0, steps);
        return new Observed(steps, values, outcome);
    }

    private void walk(WireCursor cursor, FluxMap.Builder data, List<Place> steps) {
        if (bitmap == null) {
            for (int number : numbers) {
                element(number, cursor, data, steps);
            }
        } else {
            bitmapped(cursor, data, steps);
        }
        cursor.element(-1);
        if (!cursor.atEnd()) {
            throw cursor.stop("bytes are left after the last element");
        }
    }

    private void element(int number, WireCursor cursor, FluxMap.Builder data, List<Place> steps) {
        cursor.element(number);
        if (elements[number] == null) {
            throw cursor.stop("the spec does not describe this element");
        }
        int from = cursor.at();
        Value value = elements[number].read(cursor);
        if (number == 0 && iso && !isMti(value)) {
            throw cursor.stopAtValue("the MTI is not four digits");
        }
        data.put(DataPath.name(number), value);
        if (steps != null) {
            steps.add(new Place(DataPath.name(number), from, cursor.at(), value));
        }
    }

    private void bitmapped(WireCursor cursor, FluxMap.Builder data, List<Place> steps) {
        if (elements[0] != null) {
            element(0, cursor, data, steps);
        }
        cursor.element(1);
        int from = cursor.at();
        long[] blocks = bitmap.read(cursor);
        String digits = bitmap.oddDigits(cursor.bytes, from, cursor.at(), blocks);
        if (digits != null) {
            data.put(BITMAP, digits);
        }
        if (steps != null) {
            steps.add(new Place(BITMAP, from, cursor.at(), Value.of(BitmapForm.digits(blocks, blocks.length))));
        }
        for (int block = 0; block < blocks.length; block++) {
            // The first bit of each block says whether another follows.
            for (long left = blocks[block] & Long.MAX_VALUE; left != 0; ) {
                int bit = Long.numberOfLeadingZeros(left);
                left &= ~(Long.MIN_VALUE >>> bit);
                element(block * BLOCK_BITS + bit + 1, cursor, data, steps);
            }
        }
    }

    private static boolean isMti(Value value) {
        return value instanceof Value.Text text && text.value().length() == 4 && Digits.areDecimal(text.value());
    }

    /** @throws FluxException ENCODE with the element where a value does not fit */
    public byte[] encode(FluxMap data) {
        WireBuffer out = new WireBuffer();
        try {
            encode(data, out);
        } catch (UnfitValue unfit) {
            throw unfit.at(out.length());
        }
        return out.toBytes();
    }

    private void encode(FluxMap data, WireBuffer out) {
        int[] present = new int[data.size()];
        for (int i = 0; i < present.length; i++) {
            present[i] = numberOf(data.keyAt(i));
        }
        if (iso && (data.size() == 0 || present[0] != 0 || !isMti(data.valueAt(0)))) {
            throw Form.unfit("0", "is not the four digits of an MTI");
        }
        if (bitmap == null) {
            all(data, present, out);
        } else {
            bitmapped(data, present, out);
        }
    }

    private void all(FluxMap data, int[] present, WireBuffer out) {
        for (int number : numbers) {
            int index = Arrays.binarySearch(present, number);
            if (index < 0) {
                throw Form.unfit(DataPath.name(number), "is missing");
            }
            elements[number].write(DataPath.name(number), data.valueAt(index), out);
        }
        if (present.length != numbers.length) {
            int unknown = Arrays.stream(present)
                    .filter(n -> elements[n] == null)
                    .findFirst()
                    .orElseThrow();
            throw Form.unfit(DataPath.name(unknown), "is not described by the spec");
        }
    }

    /** Keys sort by length and then bytewise, which for numbers is by number. */
    private void bitmapped(FluxMap data, int[] present, WireBuffer out) {
        long[] blocks = new long[MAX_BLOCKS];
        int last = 1;
        String digits = null;
        for (int i = 0; i < present.length; i++) {
            int number = present[i];
            if (number == 1 && data.valueAt(i) instanceof Value.Text text && BitmapForm.areDigits(text.value())) {
                digits = text.value();
            } else if (number != 0) {
                if (elements[number] == null || (number - 1) % BLOCK_BITS == 0) {
                    throw Form.unfit(data.keyAt(i), "is not described by the spec");
                }
                blocks[(number - 1) / BLOCK_BITS] |= Long.MIN_VALUE >>> (number - 1) % BLOCK_BITS;
                last = number;
            }
        }
        int count = count(last, digits);
        for (int i = 0; i < count - 1; i++) {
            blocks[i] |= Long.MIN_VALUE;
        }
        if (present.length > 0 && present[0] == 0) {
            elements[0].write("0", data.valueAt(0), out);
        }
        bitmap.write(blocks, count, digits, out);
        for (int i = 0; i < present.length; i++) {
            if (present[i] > 1) {
                elements[present[i]].write(DataPath.name(present[i]), data.valueAt(i), out);
            }
        }
    }

    private static int count(int last, String digits) {
        return Math.max((last + BLOCK_BITS - 1) / BLOCK_BITS, digits == null ? 1 : digits.length() / 16);
    }

    private static int numberOf(String key) {
        int number = DataPath.number(key);
        if (number < 0) {
            throw Form.unfit("'" + (key.length() > 20 ? key.substring(0, 20) : key) + "'", "is not an element number");
        }
        return number;
    }

    /**
     * Takes out what must never be stored: from {@code data}, and as zeros in {@code raw}.
     *
     * @throws FluxException MISMATCH where {@code raw} cannot be read by this spec
     */
    public Stored withoutSad(FluxMap data, byte[] raw) {
        if (sad.isEmpty()) {
            return new Stored(data, raw, List.of());
        }
        List<Red> red = new ArrayList<>(0);
        byte[] kept = raw;
        if (raw.length > 0) {
            List<Place> places = new ArrayList<>(2);
            WireCursor cursor = new WireCursor(raw, 0, raw.length, places);
            try {
                walk(cursor, FluxMap.builder(), null);
            } catch (WireCursor.Stop stop) {
                throw new FluxException(
                        SpecError.MISMATCH, "raw stops at byte " + cursor.at() + ": " + stop.getMessage());
            }
            if (!places.isEmpty()) {
                kept = raw.clone();
                for (Place place : places) {
                    Arrays.fill(kept, place.from(), place.to(), (byte) 0);
                    red.add(new Red(place.path(), place.from(), place.to() - place.from()));
                }
            }
        }
        FluxMap left = sad.without(data, path -> {
            if (red.stream().noneMatch(r -> r.path().equals(path))) {
                red.add(new Red(path, 0, 0));
            }
        });
        return new Stored(left, kept, red);
    }

    /** For a replay: raw bytes in which the removed values are harmless ones of the same length, so that they can be read again. */
    public byte[] refill(byte[] raw, List<Red> red) {
        byte[] filled = raw.clone();
        for (Red one : red) {
            int number = DataPath.number(Composites.head(one.path()));
            if (number >= 0
                    && elements[number] != null
                    && one.offset() >= 0
                    && one.length() >= 0
                    && one.length() <= filled.length - one.offset()) {
                byte filler = elements[number].filler(Composites.tail(one.path()));
                Arrays.fill(filled, one.offset(), one.offset() + one.length(), filler);
            }
        }
        return filled;
    }

    /** The MTI of decoded data, empty where there is none. */
    public Optional<String> mti(FluxMap data) {
        return data.text("0");
    }
}
