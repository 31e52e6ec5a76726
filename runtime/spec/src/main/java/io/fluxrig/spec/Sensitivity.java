package io.fluxrig.spec;

/** How a value must be treated wherever it can be seen or stored (SDL.md, PCI DSS 3). */
public enum Sensitivity {
    NONE,
    /** Personal data. */
    PII,
    /** Cardholder data beside the number. */
    CHD,
    /** A card number: shown as first six and last four. */
    PAN,
    /** Sensitive authentication data: never stored, in any form. */
    SAD
}
