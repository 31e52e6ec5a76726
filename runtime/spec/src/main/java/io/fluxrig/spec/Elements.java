package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.Locale;

/** The values of a message by element number, as rules look at them. */
final class Elements {
    private final Value[] values = new Value[DataPath.MAX_ELEMENT + 1];

    /** Bit {@code n} stands for element {@code n}. */
    final long[] present = new long[4];

    Elements(FluxMap data) {
        for (int i = 0; i < data.size(); i++) {
            int number = DataPath.number(data.keyAt(i));
            if (number >= 0) {
                values[number] = data.valueAt(i);
                present[number >> 6] |= 1L << number;
            }
        }
    }

    Value get(int element) {
        return values[element];
    }

    /** Null where it is absent. */
    Value get(DataPath path) {
        return path.within(values[path.element()]);
    }

    /** Null where there is none. */
    String mti() {
        return values[0] instanceof Value.Text text ? text.value() : null;
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
