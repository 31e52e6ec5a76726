package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.Locale;

/** The values of a message by element number, as rules look at them. For one thread. */
final class Elements {
    /** Digits of a long. */
    private static final int MOST_DIGITS = 18;

    private static final long UNKNOWN = 0;
    private static final long NO_NUMBER = -1;

    private final FluxMap data;

    /** One more than where the element's value lies in the message; 0 where it is absent. */
    private final short[] places = new short[DataPath.MAX_ELEMENT + 1];

    /** Bit {@code n} stands for element {@code n}. */
    final long[] present = new long[4];

    /** What rules asked of the value at each place: one more than its number; several rules may ask the same. */
    private long[] numbers;

    Elements(FluxMap data) {
        this.data = data;
        for (int i = 0; i < data.size(); i++) {
            int number = DataPath.number(data.keyAt(i));
            if (number >= 0) {
                places[number] = (short) (i + 1);
                present[number >> 6] |= 1L << number;
            }
        }
    }

    /** Null where it is absent. */
    Value get(int element) {
        int place = places[element] & 0xffff;
        return place == 0 ? null : data.valueAt(place - 1);
    }

    /** Null where it is absent. */
    Value get(DataPath path) {
        return path.within(get(path.element()));
    }

    /** The number that an element's digits make; negative where it is absent, no digits, or more than fit. */
    long number(int element) {
        int place = places[element] & 0xffff;
        if (place == 0) {
            return NO_NUMBER;
        }
        if (numbers == null) {
            numbers = new long[data.size()];
        }
        long known = numbers[place - 1];
        if (known == UNKNOWN) {
            long number = data.valueAt(place - 1) instanceof Value.Text text ? number(text.value()) : NO_NUMBER;
            known = number < 0 ? NO_NUMBER : number + 1;
            numbers[place - 1] = known;
        }
        return known < 0 ? NO_NUMBER : known - 1;
    }

    /** The number that digits make; negative for other text, or for more digits than fit. */
    static long number(String text) {
        int length = text.length();
        if (length == 0 || length > MOST_DIGITS) {
            return NO_NUMBER;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Null where there is none. */
    String mti() {
        return get(0) instanceof Value.Text text ? text.value() : null;
    }

    /** The characters of a value as rules compare them: bytes as upper-case hex; null for a composite. */
    static String characters(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Bin bytes -> bytes.value().hex().toUpperCase(Locale.ROOT);
            case Value.Int number -> Long.toString(number.value());
            case Value.BigInt number -> number.value().toString();
            case Value.Decimal number -> number.value().toPlainString();
            case Value.Bool truth -> Boolean.toString(truth.value());
            case Value.Float number -> Double.toString(number.value());
            case Value.Time time -> time.value().toString();
            case Value.Null nothing -> null;
            case Value.Array parts -> null;
            case FluxMap parts -> null;
        };
    }
}
