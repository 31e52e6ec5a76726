package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.List;

/** A line of a document: pieces of text, each in its style. */
final class Line {
    enum Style {
        PLAIN,
        STRONG,
        CODE,
        /** Set back: a remark. */
        FAINT,
        /** A word in a frame; {@code tone} colours it. */
        BADGE,
        BREAK
    }

    /**
     * @param tone of a badge
     * @param target an anchor in the document; empty for none
     */
    record Piece(Style style, String text, String tone, String target) {}

    private final List<Piece> pieces = new ArrayList<>();

    static Line of(String text) {
        return new Line().plain(text);
    }

    static Line code(String text) {
        return new Line().add(Style.CODE, text);
    }

    Line plain(String text) {
        return add(Style.PLAIN, text);
    }

    Line faint(String text) {
        return add(Style.FAINT, text);
    }

    Line add(Style style, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(style, text, "", ""));
        }
        return this;
    }

    Line badge(String text, String tone) {
        pieces.add(new Piece(Style.BADGE, text, tone, ""));
        return this;
    }

    Line link(Style style, String text, String target) {
        pieces.add(new Piece(style, text, "", target));
        return this;
    }

    /** What follows stands below. */
    Line next() {
        if (!pieces.isEmpty()) {
            pieces.add(new Piece(Style.BREAK, "", "", ""));
        }
        return this;
    }

    /** A remark below, if there is one. */
    Line remark(String text) {
        return text.isEmpty() ? this : next().faint(text);
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    List<Piece> pieces() {
        return pieces;
    }
}
