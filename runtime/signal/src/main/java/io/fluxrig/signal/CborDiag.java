package io.fluxrig.signal;

import java.time.Instant;

/** Diagnostic notation (RFC 8949 section 8). */
final class CborDiag {
    private CborDiag() {}

    static void write(Value value, StringBuilder out) {
        switch (value) {
            case Value.Null n -> out.append("null");
            case Value.Bool b -> out.append(b.value());
            case Value.Int i -> out.append(i.value());
            case Value.BigInt b -> out.append(b.value());
            case Value.Float f -> floating(f.value(), out);
            case Value.Decimal d ->
                out.append("4([")
                        .append(-d.value().scale())
                        .append(", ")
                        .append(d.value().unscaledValue())
                        .append("])");
            case Value.Time t -> time(t.value(), out);
            case Value.Text t -> quoted(t.value(), out);
            case Value.Bin b -> out.append("h'").append(b.value().hex()).append('\'');
            case Value.Array a -> {
                out.append('[');
                for (int i = 0; i < a.items().size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    write(a.items().get(i), out);
                }
                out.append(']');
            }
            case FluxMap m -> {
                out.append('{');
                for (int i = 0; i < m.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    quoted(m.keyAt(i), out);
                    out.append(": ");
                    write(m.valueAt(i), out);
                }
                out.append('}');
            }
        }
    }

    private static void floating(double value, StringBuilder out) {
        if (value != value) {
            out.append("NaN");
        } else if (Double.isInfinite(value)) {
            out.append(value < 0 ? "-Infinity" : "Infinity");
        } else {
            out.append(value);
        }
    }

    private static void time(Instant time, StringBuilder out) {
        out.append("1001({1: ").append(time.getEpochSecond());
        if (time.getNano() != 0) {
            out.append(", -9: ").append(time.getNano());
        }
        out.append("})");
    }

    private static void quoted(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20
                            || c == 0x7f
                            || c >= 0x80 && !Character.isLetterOrDigit(c) && !Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
