package io.fluxrig.spec;

import io.fluxrig.signal.FluxException;

/** A value that does not fit its element or part. Tells where, and never the value. */
public final class UnfitValue extends FluxException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String why;
    private final int offset;

    UnfitValue(String field, String why) {
        this(field, why, 0);
    }

    private UnfitValue(String field, String why, int offset) {
        super(SpecError.ENCODE, "element " + field + " " + why, false);
        this.field = field;
        this.why = why;
        this.offset = offset;
    }

    UnfitValue at(int written) {
        return new UnfitValue(field, why, written);
    }

    /** {@code 3}, {@code 55.9F02}. */
    public String field() {
        return field;
    }

    /** Bytes that had been written before it. */
    public int offset() {
        return offset;
    }
}
