package io.fluxrig.signal;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a component (FORMATS section 4): {@code type(8) ‖ machine(16) ‖ sequence(40)}.
 *
 * @param value 64 bits, unsigned
 */
public record FluxEntityId(long value) {
    private static final Pattern TEXT = Pattern.compile("([a-z-]+)-([0-9a-f]{4})-([0-9a-f]{10})");
    private static final long MAX_SEQUENCE = (1L << 40) - 1;

    /** What kind of component; the constant's position is its number. */
    public enum Type {
        CLUSTER,
        MIXER,
        FLUXMSG,
        RACK,
        GEAR,
        PORT_IN,
        PORT_OUT,
        WIRE,
        SNAKE,
        SCENARIO,
        SESSION,
        SPEC;

        /** 1 for a cluster to 12 for a spec. */
        public int number() {
            return ordinal() + 1;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public FluxEntityId {
        int type = (int) (value >>> 56);
        if (type < 1 || type > Type.values().length) {
            throw new FluxException(SignalError.ENTITY_ID, "type " + type + " is not known");
        }
    }

    public static FluxEntityId of(Type type, int machine, long sequence) {
        if (machine < 0 || machine > 65_535 || sequence < 0 || sequence > MAX_SEQUENCE) {
            throw new FluxException(SignalError.ENTITY_ID, "machine or sequence is out of range");
        }
        return new FluxEntityId((long) type.number() << 56 | (long) machine << 40 | sequence);
    }

    public Type type() {
        return Type.values()[(int) (value >>> 56) - 1];
    }

    public int machine() {
        return (int) (value >>> 40) & 0xffff;
    }

    public long sequence() {
        return value & MAX_SEQUENCE;
    }

    /** {@code rack-0001-0000000001}. */
    public String text() {
        return String.format("%s-%04x-%010x", type().text(), machine(), sequence());
    }

    public static FluxEntityId parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (text.length() > 40 || !matcher.matches()) {
            throw new FluxException(SignalError.ENTITY_ID, "not <type>-<4 hex>-<10 hex>");
        }
        Type type = Arrays.stream(Type.values())
                .filter(t -> t.text().equals(matcher.group(1)))
                .findFirst()
                .orElseThrow(() -> new FluxException(SignalError.ENTITY_ID, "its type is not known"));
        return of(type, Integer.parseInt(matcher.group(2), 16), Long.parseLong(matcher.group(3), 16));
    }

    @Override
    public String toString() {
        return text();
    }
}
