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

    /** Nothing is required of one that lies over a base. Within subfields two vocabularies meet, and the loader tells them apart. */
    private static final Shape FIELD = new Shape.Keys(
            Map.of(
                    "type",
                    Shape.Word.of(
                            "String", "Numeric", "Binary", "Bitmap", "Hex", "Composite", "Track1", "Track2", "Track3"),
                    "length",
                    LENGTH,
                    "description",
                    Vocabulary.ANY_TEXT,
                    "enc",
                    Vocabulary.text(
                            "(?:[Aa][Ss][Cc][Ii][Ii]|[Ee][Bb][Cc][Dd][Ii][Cc](?:1047)?|[Ll]?[Bb][Cc][Dd]|[Bb][Ii][Nn][Aa][Rr][Yy]|[Hh]ex[Tt]o[Aa][Ss][Cc][Ii][Ii]|[Aa][Ss][Cc][Ii][Ii][Tt]o[Hh]ex)(?:[Ee]ncoder)?|[Hh]ex[Ee]ncoder|[Bb]er[Tt][Ll][Vv](?:[Tt]ag)?",
                            "ASCII, EBCDIC, EBCDIC1047, BCD, LBCD, Binary, HexToASCII, ASCIIToHex or BerTLVTag"),
                    "prefix",
                    Vocabulary.text(
                            "(?:[Aa][Ss][Cc][Ii][Ii]|[Bb][Cc][Dd]|[Bb]inary|[Ee][Bb][Cc][Dd][Ii][Cc](?:1047)?|[Hh]ex|[Nn]one)\\.(?:[Ff]ixed|[Ll]{1,6})|[Bb]er[Tt][Ll][Vv]",
                            "ASCII.Fixed, ASCII.LL, BCD.LLL, BerTLV, ..."),
                    "padding",
                    PADDING,
                    "subfields",
                    new Shape.Elsewhere(),
                    "tag",
                    new Shape.Elsewhere(),
                    "bitmap",
                    new Shape.Elsewhere()),
            Set.of(),
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
