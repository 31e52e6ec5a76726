package io.fluxrig.gears.iso8583;

/** The response codes (DE 39) that a switch gives by itself. */
public enum ResponseCode {
    APPROVED("00"),
    FORMAT_ERROR("30"),
    /** The issuer, or the way to it, does not work. */
    ISSUER_UNAVAILABLE("91"),
    /** No route leads to the card's issuer. */
    NO_ROUTE("92"),
    DUPLICATE("94"),
    /** The switch itself cannot do it now. */
    SYSTEM_MALFUNCTION("96");

    private final String code;

    ResponseCode(String code) {
        this.code = code;
    }

    /** Two characters, as DE 39 holds them. */
    public String code() {
        return code;
    }
}
