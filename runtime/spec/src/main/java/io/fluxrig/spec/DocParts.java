package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Code;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The chapters of a reference that stand after its fields: enums, checks, transitions. */
final class DocParts {
    private final DocPage page;
    private final Semantics semantics;
    private final Function<Semantics.Condition, Line> condition;

    DocParts(DocPage page, Semantics semantics, Function<Semantics.Condition, Line> condition) {
        this.page = page;
        this.semantics = semantics;
        this.condition = condition;
    }

    void write() {
        enums();
        checks();
        transitions();
    }

    private void enums() {
        if (semantics.enums().isEmpty()) {
            return;
        }
        page.heading(2, "enums", "Values");
        semantics.enums().forEach((name, values) -> {
            page.heading(3, DocWords.anchor("enum", name), name);
            page.paragraph(new Line()
                    .faint(
                            values.closed()
                                    ? "Closed: any other value is a violation."
                                    : "Open: other values may occur."));
            List<List<Line>> rows = new ArrayList<>();
            values.codes()
                    .forEach((code, said) -> rows.add(List.of(
                            Line.code(code), Line.of(said.name()), Line.of(said.category()), Line.of(said.meaning()))));
            page.table("wide", List.of("Code", "Name", "Category", "Meaning"), rows);
        });
    }

    private void checks() {
        if (semantics.checks().isEmpty()) {
            return;
        }
        page.heading(2, "checks", "Rules across fields");
        List<List<Line>> rows = new ArrayList<>();
        semantics.checks().forEach(check -> {
            Line name = Line.of(check.name());
            if (check.severity() == Severity.WARN) {
                name.plain(" ").badge("warns", "warn");
            }
            if (!check.note().isEmpty()) {
                name.next().faint(check.note());
            }
            String messages = check.messages().isEmpty() ? "all" : String.join(", ", check.messages());
            rows.add(List.of(name, Line.of(messages), condition.apply(check.condition())));
        });
        page.table("wide", List.of("Rule", "Messages", "Must hold"), rows);
    }

    private void transitions() {
        if (semantics.transitions().isEmpty()) {
            return;
        }
        page.heading(2, "transitions", "What may follow what");
        List<List<Line>> rows = new ArrayList<>();
        semantics
                .transitions()
                .forEach(transition -> rows.add(List.of(
                        Line.code(String.join(", ", transition.from())),
                        Line.code(String.join(", ", transition.to())),
                        Line.of(transition.note()))));
        page.table("wide", List.of("After", "May come", "Note"), rows);
    }

    /** Codes that stand at a field, one a line. */
    static void codes(ValueSet values, Line line) {
        boolean first = true;
        for (Map.Entry<String, Code> code : values.codes().entrySet()) {
            String name = code.getValue().name();
            if (!first && name.isEmpty()) {
                line.plain(", ");
            } else if (!first) {
                line.next();
            }
            line.add(Line.Style.CODE, code.getKey());
            if (!name.isEmpty()) {
                line.plain(" " + name);
            }
            first = false;
        }
    }
}
