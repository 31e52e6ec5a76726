package io.fluxrig.spec;

import java.util.Locale;
import java.util.Optional;

/**
 * A promise of a spec that a message does not keep.
 *
 * @param element path of the field, such as {@code 4} or {@code 55.9F02}; {@code 0} for what concerns the message type
 * @param reason in words that hold no value of the message
 */
public record Violation(String element, Optional<String> alias, Kind rule, String reason, Severity severity) {
    /** What kind of promise. */
    public enum Kind {
        /** A field that must be there is not. */
        MANDATORY,
        FORBIDDEN,
        /** No rule lists the field for this message, and the spec forbids what is not listed. */
        UNLISTED,
        /** Not one of a closed set. */
        VALUE,
        FORMAT,
        /** Not echoed, not new or not modified against the request. */
        RESPONSE_VALUE,
        /** The catalogue does not have this message. */
        UNKNOWN_MESSAGE,
        /** The message does not follow the one before it. */
        TRANSITION,
        /** A rule across fields does not hold. */
        CHECK;

        /** {@code response-value}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
