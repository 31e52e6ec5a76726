package io.fluxrig.spec;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of the wire layer, as the JSON Schema publishes them; the loader's own reader checks them in a file. */
final class WireVocabulary {
    private static final Shape LENGTH = Vocabulary.text("[1-9][0-9]{0,4}", "1 to 99999");

    private static final Shape PADDING = new Shape.Keys(
            Map.of(
                    "type",
                    Vocabulary.text("(?:[Ll]eft|[Rr]ight|[Nn]one)(?:[Pp]adder)?", "Left, Right or None"),
                    "pad",
                    new Shape.Text(Pattern.compile("(?s).{1,2}"), "one character")),
            Set.of(),
            Set.of());

    /** The same where the loader's own reader looks at the words. */
    static final Shape PADDING_KEYS =
            new Shape.Keys(Map.of("type", Vocabulary.ANY_TEXT, "pad", new Shape.Elsewhere()), Set.of(), Set.of());

    private static final Shape FIELD = new Shape.Keys(
            Map.of(
                    "type",
                    Shape.Word.of("String", "Numeric", "Binary", "Bitmap", "Hex", "Track1", "Track2", "Track3"),
                    "length",
                    LENGTH,
                    "description",
                    Vocabulary.ANY_TEXT,
                    "enc",
                    Vocabulary.text(
                            "(?:[Aa][Ss][Cc][Ii][Ii]|[Ee][Bb][Cc][Dd][Ii][Cc]|[Bb][Cc][Dd]|[Bb][Ii][Nn][Aa][Rr][Yy])(?:[Ee]ncoder)?|[Hh]ex[Tt]o[Aa][Ss][Cc][Ii][Ii]|[Hh]ex[Ee]ncoder",
                            "ASCII, EBCDIC, BCD, Binary or HexToASCII"),
                    "prefix",
                    Vocabulary.text(
                            "(?:[Aa][Ss][Cc][Ii][Ii]|[Bb][Cc][Dd]|[Bb]inary|[Ee][Bb][Cc][Dd][Ii][Cc]|[Hh]ex)\\.(?:[Ff]ixed|[Ll]{1,6})",
                            "ASCII.Fixed, ASCII.LL, BCD.LLL, ..."),
                    "padding",
                    PADDING,
                    "subfields",
                    new Shape.Elsewhere()),
            Set.of("type", "length", "enc", "prefix"),
            Set.of());

    static final Shape WIRE = new Shape.Keys(
            Map.of(
                    "source", Vocabulary.ANY_TEXT,
                    "fields",
                            new Shape.Table(Pattern.compile(Vocabulary.ELEMENT), "an element number, 0 to 192", FIELD),
                    "header", HeaderReader.SHAPE),
            Set.of(),
            Set.of());

    private WireVocabulary() {}
}
