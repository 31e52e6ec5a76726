package io.fluxrig.gears.router;

import io.fluxrig.gear.Setting;
import java.util.List;
import java.util.Optional;

/** Rules in order. */
record RouterSettings(
        @Setting("Rules in order; the first that fits takes the signal")
        List<Rule> rules) {

    /** One rule: the field begins with {@code prefix}, or is exactly {@code equals}. */
    record Rule(
            @Setting("Element number, path or alias of the spec; mti for the message type")
            String field,

            @Setting("How the field's text begins") Optional<String> prefix,
            @Setting("The field's whole text") Optional<String> equals,
            @Setting("The out-port to leave by") String to) {

        boolean fits(String text) {
            return prefix.map(text::startsWith).orElse(true)
                    && equals.map(text::equals).orElse(true);
        }
    }
}
