package io.fluxrig.scenario;

import java.util.regex.Pattern;

/** Names are ASCII from an allow-list: no twins in other alphabets, nothing that a file system or terminal treats specially. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");
    private static final Pattern SITE =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");
    static final String NAME_FORM = "lower-case letters, digits, - and _, at most 63";

    private Names() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** DNS-style. */
    static boolean isSite(String text) {
        return text.length() <= 253 && SITE.matcher(text).matches();
    }

    static boolean isVersion(String text) {
        return VERSION.matcher(text).matches();
    }
}
