package io.fluxrig.spec;

/** What a violation leads to where a port enforces its spec. */
public enum Severity {
    REJECT,
    /** It is told, and the message goes on. */
    WARN
}
