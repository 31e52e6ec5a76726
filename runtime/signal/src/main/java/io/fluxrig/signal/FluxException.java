package io.fluxrig.signal;

import java.util.Objects;

/** A numbered refusal on its way to whoever can act on it. The text never holds a payload or a classified value. */
public class FluxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final String what;

    public FluxException(ErrorCode code, String what) {
        this(code, what, null);
    }

    public FluxException(ErrorCode code, String what, Throwable cause) {
        super(Objects.requireNonNull(code).code() + ": " + what, cause);
        this.code = code;
        this.what = what;
    }

    /** For refusals that hostile input can cause in great numbers: no stack trace, whose cost would be the attacker's gain. */
    protected FluxException(ErrorCode code, String what, boolean withStackTrace) {
        super(Objects.requireNonNull(code).code() + ": " + what, null, false, withStackTrace);
        this.code = code;
        this.what = what;
    }

    public ErrorCode code() {
        return code;
    }

    /** What happened here, without number and advice. */
    public String what() {
        return what;
    }

    /** {@code error FLX-nnnn: what (what to do)}, one line. */
    public String line() {
        return "error " + code.code() + ": " + what + " (" + code.advice() + ")";
    }
}
