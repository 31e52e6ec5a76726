package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Usage;
import java.util.Locale;

/** How a reference says things. */
final class DocWords {
    private DocWords() {}

    /** As people who know ISO 8583 write it: {@code n 6}, {@code ans ..40 LLVAR}. */
    static String wire(FieldDef def) {
        String kind = switch (def.kind()) {
            case STRING -> "ans";
            case TRACK -> "z";
            case NUMERIC -> "n";
            case BINARY -> "b";
            case BITMAP -> "bitmap";
            case COMPOSITE -> "composite";
        };
        String length = def.length() == FieldDef.REST
                ? ""
                : def.fixed()
                        ? " " + def.length()
                        : " .." + def.length() + " " + "L".repeat(def.prefixDigits()) + "VAR";
        return def.kind() == FieldDef.Kind.BITMAP ? kind : kind + length;
    }

    static String encoding(FieldDef def) {
        String value = def.encoding().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String prefix = def.prefixForm().name().toLowerCase(Locale.ROOT);
        return def.fixed() || prefix.equals(value) ? value : value + ", length in " + prefix;
    }

    static String usage(Usage usage) {
        return switch (usage) {
            case MANDATORY -> "M";
            case OPTIONAL -> "O";
            case FORBIDDEN -> "–";
        };
    }

    static String tone(Usage usage) {
        return usage.name().toLowerCase(Locale.ROOT);
    }

    static String sensitivity(Sensitivity sensitivity) {
        return switch (sensitivity) {
            case NONE -> "";
            case PII -> "personal data";
            case CHD -> "cardholder data";
            case PAN -> "card number";
            case SAD -> "never stored";
        };
    }

    static String format(Format format) {
        String kind = switch (format.kind()) {
            case PAN -> "card number with check digit";
            case AMOUNT -> "amount in the currency's minor unit";
            case DATE -> "date";
            case TIME -> "time";
            case DATETIME -> "date and time";
            case NUMERIC -> "digits, compared as a number";
        };
        return kind
                + format.layout().map(layout -> " " + layout.text()).orElse("")
                + format.tz().map(zone -> ", " + zone).orElse("")
                + format.currency().map(path -> ", currency in " + path.text()).orElse("");
    }

    static String response(Semantics.ResponseValue value) {
        return switch (value) {
            case ECHO -> "echoes the request";
            case NEW -> "new in the response";
            case MODIFIED -> "changed by the responder";
        };
    }

    /** An anchor that any name gives. */
    static String anchor(String kind, String name) {
        StringBuilder anchor = new StringBuilder(kind).append('-');
        name.codePoints().forEach(c -> {
            boolean plain = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            anchor.append(plain ? Character.toString(c) : "_" + Integer.toHexString(c));
        });
        return anchor.toString();
    }
}
