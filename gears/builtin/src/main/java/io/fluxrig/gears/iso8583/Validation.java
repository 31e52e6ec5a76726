package io.fluxrig.gears.iso8583;

/** What is done about messages that break the rules of their spec. */
public enum Validation {
    /** Nobody looks. */
    OFF,
    /** It is recorded and counted, and the message goes on. */
    WARN,
    /** As warn; and a message that breaks a rule of severity {@code reject} does not go on. */
    ENFORCE
}
