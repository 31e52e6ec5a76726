package io.fluxrig.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds elements whose length, prefix and padding contradict each other. Bases are left as they are: they are other people's files. */
final class WireLengths {
    private static final Pattern PREFIX = Pattern.compile("(?i)(ASCII|BCD|EBCDIC)\\.(L{1,6})");

    private WireLengths() {}

    static void check(YamlNode.Mapping spec, Report report) {
        Nodes.entries(Nodes.map(spec, "wire").flatMap(wire -> wire.get("fields")))
                .forEach((key, entry) -> {
                    if (entry.value() instanceof YamlNode.Mapping map) {
                        prefix(map, report);
                        padding(map, report);
                        map.get("description").ifPresent(d -> Vocabulary.ANY_TEXT.check("description", d, report));
                        Nodes.map(map, "padding")
                                .ifPresent(p -> WireVocabulary.PADDING_KEYS.check("padding", p, report));
                    }
                });
    }

    private static void prefix(YamlNode.Mapping map, Report report) {
        Matcher prefix = PREFIX.matcher(map.text("prefix").orElse(""));
        String length = map.text("length").orElse("");
        if (prefix.matches()
                && length.matches("[0-9]{1,6}")
                && Integer.parseInt(length) >= Math.pow(10, prefix.group(2).length())) {
            report.error(
                    map.get("length").orElseThrow(),
                    SpecError.VALUE,
                    "a length of " + length + " does not fit in the "
                            + prefix.group(2).length() + " digits of its prefix",
                    "shorten it, or use a longer prefix");
        }
    }

    private static void padding(YamlNode.Mapping map, Report report) {
        Nodes.map(map, "padding").ifPresent(padding -> {
            String side = padding.text("type").orElse("None");
            YamlNode pad = padding.get("pad").orElse(null);
            if (side.equalsIgnoreCase("none")) {
                return;
            }
            if (!(pad instanceof YamlNode.Scalar scalar)
                    || scalar.text().codePointCount(0, scalar.text().length()) != 1) {
                boolean number =
                        pad instanceof YamlNode.Scalar code && code.text().matches("[0-9]{2}");
                if (!number) {
                    report.error(
                            pad == null ? padding : pad,
                            SpecError.VALUE,
                            "the padding is not one character",
                            "write pad: \"0\" or pad: \" \"");
                }
                return;
            }
            String encoding = map.text("enc").orElse("");
            if (encoding.equalsIgnoreCase("bcd") && !scalar.text().matches("[0-9]")) {
                report.error(
                        pad,
                        SpecError.VALUE,
                        "BCD cannot hold the padding '" + scalar.text() + "'",
                        "pad with a digit");
            }
            if (map.text("type").filter("Numeric"::equals).isPresent()
                    && !scalar.text().matches("[0-9 ]")) {
                report.error(
                        pad, SpecError.VALUE, "a number is padded with '" + scalar.text() + "'", "pad with a digit");
            }
        });
    }
}
