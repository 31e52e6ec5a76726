package io.fluxrig.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** What comes with the program: moov's bases, and specs to use as they are or to extend. */
final class BuiltIn {
    private static final String MOOV = "moov:";
    private static final String SHIPPED = "fluxrig:";
    private static final List<String> BASES = List.of("spec87ascii", "spec87hex");

    /** Only to be extended: it says nothing of bytes. */
    private static final String RULES = "iso8583-1987-rules";

    /** Specs that are whole. */
    static final List<String> WHOLE = List.of(
            "iso8583-1987-ascii", "iso8583-1987-binary", "iso8583-1987-emv", "iso8583-1993-ascii", "telemetry-record");

    private BuiltIn() {}

    static boolean has(String reference) {
        return !file(reference).isEmpty();
    }

    /** Empty where there is none. */
    private static String file(String reference) {
        if (reference.startsWith(MOOV) && BASES.contains(reference.substring(MOOV.length()))) {
            return "moov/" + reference.substring(MOOV.length()) + ".yaml";
        }
        String name = reference.startsWith(SHIPPED) ? reference.substring(SHIPPED.length()) : "";
        return WHOLE.contains(name) || RULES.equals(name) ? "shipped/" + name + ".yaml" : "";
    }

    static byte[] bytes(String reference) {
        try (InputStream in = Specs.class.getResourceAsStream(file(reference))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By which a shipped spec is named. */
    static String reference(String name) {
        return SHIPPED + name;
    }
}
