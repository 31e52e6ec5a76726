package io.fluxrig.signal;

/** Bytes that are not fluxCBOR: tells where and which rule was broken. Carries no stack trace. */
public final class CborException extends FluxException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String rule;

    public CborException(int offset, String rule) {
        super(SignalError.CBOR, "byte " + offset + ": " + rule, false);
        this.offset = offset;
        this.rule = rule;
    }

    /** Offset of the byte at which the rule was broken, from the start of the input. */
    public int offset() {
        return offset;
    }

    /** A short word for the rule: {@code unsorted-keys}, {@code not-shortest}, {@code truncated}, ... */
    public String rule() {
        return rule;
    }
}
