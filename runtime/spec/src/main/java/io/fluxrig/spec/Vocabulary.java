package io.fluxrig.spec;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of SDL: which keys stand where, and what they take. */
final class Vocabulary {
    static final String ELEMENT = "(?:Field)?0*(?:1[0-8][0-9]|19[0-2]|[1-9]?[0-9])";
    private static final String MTI = "[0-9A-Za-z_-]{1,32}";
    private static final int PART_LEVELS = 3;

    /** Said of bytes, so it belongs under {@code wire.fields}. */
    private static final Set<String> OF_THE_WIRE =
            Set.of("type", "length", "enc", "prefix", "padding", "layout", "repeat", "unknown_tags", "from", "to");

    static final Shape ANY_TEXT = new Shape.Text(Pattern.compile("(?s).+"), "text");
    private static final Shape TRUTH = Shape.Word.of("true", "false");
    private static final Shape PATH = text(
            "[0-9]{1,3}(?:\\.[0-9A-Za-z]{1,16}){0,4}|[a-z][a-z0-9_]*(?:\\.[a-z][a-z0-9_]*)*",
            "an element, a part or an alias");
    private static final Shape MESSAGE = text(MTI, "a message type such as 0200");
    private static final Shape NAME = text("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "a name of letters, digits and . _ -");
    private static final Shape DURATION = text("[1-9][0-9]{0,6}(?:ms|s|m|h)", "a time such as 500ms, 2s or 1m");
    private static final Shape SEVERITY = Shape.Word.of("reject", "warn");

    private static final Shape CODE = new Shape.Either(
            ANY_TEXT,
            new Shape.Keys(Map.of("name", ANY_TEXT, "category", ANY_TEXT, "meaning", ANY_TEXT), Set.of(), Set.of()));
    private static final Shape CODES =
            new Shape.Table(Pattern.compile("(?s).{1,64}"), "a code of 1 to 64 characters", CODE);
    private static final Shape VALID_VALUES = new Shape.Either(new Shape.ListOf(ANY_TEXT), CODES);

    private static final Shape RULE = new Shape.Keys(
            Map.of(
                    "mti",
                    new Shape.OneOrMore(MESSAGE),
                    "usage",
                    Shape.Word.of("mandatory", "optional", "forbidden"),
                    "when",
                    ANY_TEXT,
                    "values_ref",
                    text("@messages|[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "the name of an enum, or @messages"),
                    "validValues",
                    VALID_VALUES,
                    "response_value",
                    Shape.Word.of("echo", "new", "modified"),
                    "severity",
                    SEVERITY,
                    "note",
                    ANY_TEXT),
            Set.of("mti"),
            Set.of());

    static final Shape FIELDS =
            new Shape.Table(Pattern.compile(ELEMENT), "an element number, 0 to 192", field(PART_LEVELS));

    static final Shape ENUMS = new Shape.Table(
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
            "a name of letters, digits and . _ -",
            new Shape.Keys(Map.of("closed", TRUTH, "values", CODES), Set.of("values"), Set.of()));

    static final Shape MESSAGES = new Shape.Keys(
            Map.of(
                    "catalog",
                    new Shape.Table(
                            Pattern.compile(MTI),
                            "a message type such as 0200",
                            new Shape.Keys(
                                    Map.of(
                                            "name", ANY_TEXT,
                                            "flow", Shape.Word.of("request", "response"),
                                            "pairs_with", new Shape.OneOrMore(MESSAGE),
                                            "response_timeout", DURATION,
                                            "class", NAME,
                                            "note", ANY_TEXT),
                                    Set.of("name", "flow"),
                                    Set.of())),
                    "transitions",
                    new Shape.ListOf(new Shape.Keys(
                            Map.of(
                                    "from", new Shape.OneOrMore(MESSAGE),
                                    "to", new Shape.OneOrMore(MESSAGE),
                                    "note", ANY_TEXT),
                            Set.of("from", "to"),
                            Set.of())),
                    "correlate_on",
                    new Shape.ListOf(PATH)),
            Set.of(),
            Set.of());

    static final Shape CHECKS = new Shape.ListOf(new Shape.Keys(
            Map.of(
                    "mti", new Shape.OneOrMore(MESSAGE),
                    "name", ANY_TEXT,
                    "assert", ANY_TEXT,
                    "severity", SEVERITY,
                    "note", ANY_TEXT),
            Set.of("name", "assert"),
            Set.of()));

    static final Shape POLICY =
            new Shape.Keys(Map.of("unlisted", Shape.Word.of("optional", "forbidden")), Set.of(), Set.of());

    static final Shape REFERENCES = new Shape.ListOf(ANY_TEXT);

    private static final Shape ID = text("[a-z0-9][a-z0-9._-]{0,63}", "lower-case letters, digits and hyphens");
    private static final Shape VERSION =
            text("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})", "a version such as 1.0.0");

    /** A whole spec, for editors; the wire has a reader of its own. */
    static final Shape FILE = new Shape.Keys(
            Map.of(
                    "spec",
                    new Shape.Keys(
                            Map.ofEntries(
                                    Map.entry("id", ID),
                                    Map.entry("name", ANY_TEXT),
                                    Map.entry("version", VERSION),
                                    Map.entry("extends", ANY_TEXT),
                                    Map.entry("protocol", ANY_TEXT),
                                    Map.entry("overview", ANY_TEXT),
                                    Map.entry("references", REFERENCES),
                                    Map.entry("wire", WireVocabulary.WIRE),
                                    Map.entry("messages", MESSAGES),
                                    Map.entry("enums", ENUMS),
                                    Map.entry("fields", FIELDS),
                                    Map.entry("checks", CHECKS),
                                    Map.entry("validation_policy", POLICY)),
                            Set.of("id", "version"),
                            Set.of())),
            Set.of("spec"),
            Set.of());

    private Vocabulary() {}

    private static Shape field(int levels) {
        Map<String, Shape> keys = new HashMap<>(Map.of(
                "name", ANY_TEXT,
                "alias", ANY_TEXT,
                "meaning", ANY_TEXT,
                "note", ANY_TEXT,
                "scope", Shape.Word.of("public", "private"),
                "sensitivity", Shape.Word.of("none", "pii", "chd", "pan", "sad"),
                "log_mask", TRUTH,
                "mask", Shape.Word.of("bin6", "bin8"),
                "values_ref", text("@messages|[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "the name of an enum, or @messages"),
                "validValues", VALID_VALUES));
        keys.put(
                "format",
                new Shape.Keys(
                        Map.of(
                                "kind",
                                Shape.Word.of("pan", "amount", "date", "time", "datetime", "numeric"),
                                "currency_field",
                                PATH,
                                "layout",
                                text("[A-Za-z]{2,17}", "letters of Y M D h m s, such as MMDDhhmmss"),
                                "tz",
                                ANY_TEXT),
                        Set.of("kind"),
                        Set.of()));
        keys.put(
                "crypto",
                new Shape.Keys(Map.of("role", Shape.Word.of("pin_block", "mac", "kcv")), Set.of("role"), Set.of()));
        keys.put("messages", new Shape.ListOf(RULE));
        if (levels > 0) {
            keys.put(
                    "subfields",
                    new Shape.Keys(
                            Map.of(
                                    "parts",
                                    new Shape.ListOf(part(levels - 1)),
                                    // Told again for those who read only this layer.
                                    "layout",
                                    Shape.Word.of("positional", "tlv", "bitmapped")),
                            Set.of("parts"),
                            OF_THE_WIRE));
        }
        return new Shape.Keys(keys, Set.of(), OF_THE_WIRE);
    }

    private static Shape part(int levels) {
        Shape.Keys field = (Shape.Keys) field(levels);
        Map<String, Shape> keys = new HashMap<>(field.known());
        keys.put("id", text("[0-9A-Za-z]{1,16}", "a part's number"));
        keys.put("tag", text("[0-9A-Fa-f]{2,16}", "a tag in hex"));
        return new Shape.Keys(keys, Set.of(), OF_THE_WIRE);
    }

    static Shape text(String form, String accepted) {
        return new Shape.Text(Pattern.compile(form), accepted);
    }
}
