package io.fluxrig.spec;

import java.util.List;

/** What a document is written on. Text comes from spec files of strangers: each page makes it harmless in its own way. */
interface DocPage {
    void title(String title, String kicker, List<Line> facts);

    /** @param level 2 for a chapter, 3 for what stands in it */
    void heading(int level, String anchor, String text);

    void paragraph(Line line);

    /** @param kind {@code wide}, {@code matrix} or empty */
    void table(String kind, List<String> head, List<List<Line>> rows);

    String text();

    /** Control characters and marks that turn the reading direction have no place in a document. */
    static String clean(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]", "\ufffd");
    }
}
