package io.fluxrig.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One HTML file that needs nothing else, for the screen and for paper. */
final class HtmlPage implements DocPage {
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder contents = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private boolean inSection;

    @Override
    public void title(String title, String kicker, List<Line> facts) {
        head.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(style())
                .append("</style>\n</head>\n<body>\n");
        body.append("<header class=\"cover\"><p class=\"kicker\">")
                .append(escaped(kicker))
                .append("</p><h1>")
                .append(escaped(title))
                .append("</h1><p class=\"facts\">");
        facts.forEach(fact -> body.append("<span>").append(inline(fact)).append("</span>"));
        body.append("</p></header>\n");
    }

    @Override
    public void heading(int level, String anchor, String text) {
        if (level == 2) {
            body.append(inSection ? "</section>\n<section>\n" : "<section>\n");
            inSection = true;
        }
        contents.append("<li class=\"l")
                .append(level)
                .append("\"><a href=\"#")
                .append(anchor)
                .append("\">")
                .append(escaped(text))
                .append("</a></li>\n");
        body.append("<h")
                .append(level)
                .append(" id=\"")
                .append(anchor)
                .append("\">")
                .append(escaped(text))
                .append("</h")
                .append(level)
                .append(">\n");
    }

    @Override
    public void paragraph(Line line) {
        body.append("<p>").append(inline(line)).append("</p>\n");
    }

    @Override
    public void table(String kind, List<String> head, List<List<Line>> rows) {
        body.append("<div class=\"table\"><table class=\"").append(kind).append("\"><thead><tr>");
        head.forEach(cell -> body.append("<th>").append(escaped(cell)).append("</th>"));
        body.append("</tr></thead>\n<tbody>\n");
        for (List<Line> row : rows) {
            body.append("<tr>");
            row.forEach(cell -> body.append("<td>").append(inline(cell)).append("</td>"));
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
    }

    @Override
    public String text() {
        return head + "<nav><ol>\n" + contents + "</ol></nav>\n<main>\n" + body + (inSection ? "</section>\n" : "")
                + "</main>\n</body>\n</html>\n";
    }

    private static String inline(Line line) {
        StringBuilder out = new StringBuilder();
        for (Line.Piece piece : line.pieces()) {
            String text = escaped(piece.text()).replace("\n", "<br>");
            String styled = switch (piece.style()) {
                case PLAIN -> text;
                case STRONG -> "<strong>" + text + "</strong>";
                case CODE -> "<code>" + text + "</code>";
                case FAINT -> "<span class=\"faint\">" + text + "</span>";
                case BADGE -> "<span class=\"badge " + piece.tone() + "\">" + text + "</span>";
                case BREAK -> "<br>";
            };
            out.append(piece.target().isEmpty() ? styled : "<a href=\"#" + piece.target() + "\">" + styled + "</a>");
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return DocPage.clean(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String style() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("doc.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
