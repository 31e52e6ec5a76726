package io.fluxrig.spec;

import java.util.List;
import java.util.stream.Collectors;

/** GitHub's Markdown. */
final class MarkdownPage implements DocPage {
    private final StringBuilder out = new StringBuilder();

    @Override
    public void title(String title, String kicker, List<Line> facts) {
        out.append("# ").append(escaped(title)).append("\n\n").append(escaped(kicker));
        facts.forEach(fact -> out.append(" · ").append(inline(fact)));
        out.append("\n\n");
    }

    @Override
    public void heading(int level, String anchor, String text) {
        out.append("#".repeat(level))
                .append(" <a id=\"")
                .append(anchor)
                .append("\"></a>")
                .append(escaped(text))
                .append("\n\n");
    }

    @Override
    public void paragraph(Line line) {
        out.append(inline(line)).append("\n\n");
    }

    @Override
    public void table(String kind, List<String> head, List<List<Line>> rows) {
        out.append(head.stream().map(MarkdownPage::escaped).collect(Collectors.joining(" | ", "| ", " |\n")));
        out.append("|").append("---|".repeat(head.size())).append("\n");
        rows.forEach(row ->
                out.append(row.stream().map(MarkdownPage::inline).collect(Collectors.joining(" | ", "| ", " |\n"))));
        out.append("\n");
    }

    @Override
    public String text() {
        return out.toString().stripTrailing() + "\n";
    }

    private static String inline(Line line) {
        StringBuilder text = new StringBuilder();
        for (Line.Piece piece : line.pieces()) {
            String styled = switch (piece.style()) {
                case PLAIN -> escaped(piece.text());
                case STRONG -> "**" + escaped(piece.text()) + "**";
                case CODE -> code(piece.text());
                case FAINT -> "*" + escaped(piece.text()) + "*";
                case BADGE -> " **" + escaped(piece.text()) + "** ";
                case BREAK -> "<br>";
            };
            text.append(piece.target().isEmpty() ? styled : "[" + styled + "](#" + piece.target() + ")");
        }
        return text.toString().strip();
    }

    /** A cell ends at a bar even inside code, so a bar is written as what it looks like. */
    private static String code(String text) {
        return "<code>" + escaped(text) + "</code>";
    }

    private static String escaped(String text) {
        return DocPage.clean(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replaceAll("([\\\\`*_\\[\\]#~])", "\\\\$1")
                .replace("|", "&#124;")
                .replace("\n", "<br>");
    }
}
