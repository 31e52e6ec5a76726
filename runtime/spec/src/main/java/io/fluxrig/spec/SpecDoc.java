package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.Rule;
import io.fluxrig.spec.Semantics.Usage;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The reference of a protocol, written from its spec: what a certification team hands out. The same spec gives the same bytes. */
public final class SpecDoc {
    /** How it is written. */
    public enum Form {
        HTML,
        MARKDOWN
    }

    /** What it shows. */
    public enum Scope {
        /** Without fields of scope {@code private}, and without conditions that name one. */
        PUBLIC,
        COMPLETE
    }

    private final Spec spec;
    private final Semantics semantics;
    private final Scope scope;
    private final DocPage page;
    private final Map<Integer, Field> shown = new TreeMap<>();

    private SpecDoc(Spec spec, Scope scope, DocPage page) {
        this.spec = spec;
        this.semantics = spec.semantics();
        this.scope = scope;
        this.page = page;
        semantics.fields().forEach((number, field) -> {
            if (isShown(field)) {
                shown.put(number, field);
            }
        });
    }

    public static String of(Spec spec, Form form, Scope scope) {
        DocPage page = form == Form.HTML ? new HtmlPage() : new MarkdownPage();
        return new SpecDoc(spec, scope, page).write();
    }

    private boolean isShown(Field field) {
        return scope == Scope.COMPLETE || field.label().shared();
    }

    private String write() {
        Semantics.About about = semantics.about();
        String title = about.title().isEmpty() ? spec.name() : about.title();
        page.title(
                title,
                "Protocol reference",
                List.of(
                        Line.code(spec.name() + ":" + spec.version()),
                        Line.of(about.protocol().equals("iso8583") ? "ISO 8583" : about.protocol()),
                        Line.of(scope == Scope.PUBLIC ? "public" : "complete"),
                        new Line().faint("sha256 " + spec.sha256().hex().substring(0, 16) + "…")));
        overview(about);
        messages();
        matrix();
        fields();
        new DocParts(page, semantics, this::condition).write();
        return page.text();
    }

    private void overview(Semantics.About about) {
        page.heading(2, "overview", "Overview");
        if (!about.overview().isEmpty()) {
            page.paragraph(Line.of(about.overview()));
        }
        if (!about.references().isEmpty()) {
            page.paragraph(Line.of("References: " + String.join("; ", about.references()) + "."));
        }
        page.paragraph(Line.of("An element that a message does not list "
                + (semantics.unlistedForbidden() ? "may not stand in it." : "may stand in it and has no rule there.")
                + " Values are given as they lie on the wire, padding and leading zeros included."));
    }

    private void messages() {
        if (semantics.catalog().isEmpty()) {
            return;
        }
        page.heading(2, "messages", "Messages");
        List<List<Line>> rows = new ArrayList<>();
        for (MessageType type : semantics.catalog().values()) {
            String flow = type.flow() == Semantics.Flow.REQUEST ? "request" : "response";
            rows.add(List.of(
                    new Line().link(Line.Style.CODE, type.mti(), DocWords.anchor("message", type.mti())),
                    Line.of(type.name()).remark(type.note()),
                    new Line().badge(flow, flow),
                    Line.of(String.join(", ", type.pairsWith())),
                    Line.of(type.responseTimeout()
                            .map(t -> t.toString().substring(2).toLowerCase(Locale.ROOT))
                            .orElse("")),
                    Line.of(type.messageClass())));
        }
        page.table("wide", List.of("Type", "Name", "Flow", "Pairs with", "Answer within", "Class"), rows);
        if (!semantics.correlateOn().isEmpty()) {
            List<String> paths =
                    semantics.correlateOn().stream().map(DataPath::text).toList();
            page.paragraph(Line.of("Messages of one exchange share " + String.join(", ", paths) + "."));
        }
        semantics.catalog().values().forEach(this::message);
    }

    private void message(MessageType type) {
        page.heading(3, DocWords.anchor("message", type.mti()), type.mti() + " " + type.name());
        List<List<Line>> rows = new ArrayList<>();
        shown.values().forEach(field -> rows(field, type.mti(), rows));
        if (rows.isEmpty()) {
            page.paragraph(new Line().faint("No rule speaks of this message."));
        } else {
            page.table("wide", List.of("Field", "Name", "Form", "Usage", "When", "Values and remarks"), rows);
        }
    }

    private void rows(Field field, String mti, List<List<Line>> rows) {
        boolean first = true;
        for (Rule rule : field.rules()) {
            if (rule.messages().contains(mti)) {
                rows.add(List.of(
                        first ? fieldLink(field) : new Line(),
                        first ? Line.of(field.label().name()) : new Line(),
                        first ? form(field) : new Line(),
                        usage(rule),
                        first || rule.when().isPresent() ? condition(rule.when()) : new Line().faint("otherwise"),
                        remarks(rule)));
                first = false;
            }
        }
        field.parts().stream().filter(this::isShown).forEach(part -> rows(part, mti, rows));
    }

    private Line form(Field field) {
        return field.path().parts().isEmpty()
                ? Line.code(DocWords.wire(spec.elements().get(field.path().element())))
                : new Line();
    }

    private static Line fieldLink(Field field) {
        return new Line().link(Line.Style.CODE, field.path().text(), anchor(field));
    }

    private static String anchor(Field field) {
        return DocWords.anchor("field", Integer.toString(field.path().element()));
    }

    private static Line usage(Rule rule) {
        Line line = new Line().badge(rule.usage().name().toLowerCase(Locale.ROOT), DocWords.tone(rule.usage()));
        return rule.severity() == Severity.WARN ? line.plain(" ").badge("warns", "warn") : line;
    }

    private Line remarks(Rule rule) {
        Line line = new Line();
        rule.response().ifPresent(value -> line.next().plain(DocWords.response(value)));
        rule.values().ifPresent(values -> values(values, line.next()));
        return line.remark(rule.note());
    }

    private static void values(ValueSet values, Line line) {
        if (values.name().isEmpty()) {
            DocParts.codes(values, line);
        } else if (values.name().equals(ValuesReader.MESSAGES)) {
            line.link(Line.Style.PLAIN, "a message type", "messages");
        } else {
            line.link(Line.Style.PLAIN, values.name(), DocWords.anchor("enum", values.name()));
        }
    }

    private Line condition(Optional<Semantics.Condition> condition) {
        return condition.map(this::condition).orElseGet(Line::new);
    }

    private Line condition(Semantics.Condition condition) {
        return isPublishable(condition)
                ? Line.code(condition.text())
                : new Line().faint("a condition that is not published");
    }

    private boolean isPublishable(Semantics.Condition condition) {
        Predicate<DataPath> secret = path -> {
            Field field = semantics.fields().get(path.element());
            return field != null
                    && (!field.label().shared() || path.parts().stream().anyMatch(p -> isSecretPart(field, path)));
        };
        return scope == Scope.COMPLETE
                || condition.expression().paths().stream().noneMatch(secret);
    }

    private static boolean isSecretPart(Field field, DataPath path) {
        return field.parts().stream()
                .anyMatch(part -> path.text().startsWith(part.path().text())
                                && !part.label().shared()
                        || isSecretPart(part, path));
    }

    private void matrix() {
        Set<String> types = semantics.catalog().keySet();
        List<Field> ruled = new ArrayList<>();
        shown.values().forEach(field -> withRules(field, ruled));
        if (ruled.isEmpty()) {
            return;
        }
        page.heading(2, "matrix", "Elements by message");
        page.paragraph(new Line()
                .badge("M", "mandatory")
                .plain(" mandatory   ")
                .badge("O", "optional")
                .plain(" optional   ")
                .badge("C", "conditional")
                .plain(" depends on the message   ")
                .badge("–", "forbidden")
                .plain(" forbidden. A blank is not listed."));
        List<String> head = new ArrayList<>(List.of("Field", "Name"));
        head.addAll(types);
        List<List<Line>> rows = new ArrayList<>();
        for (Field field : ruled) {
            List<Line> row = new ArrayList<>(
                    List.of(fieldLink(field), Line.of(field.label().name())));
            types.forEach(mti -> row.add(cell(field, mti)));
            rows.add(row);
        }
        page.table("matrix", head, rows);
    }

    private void withRules(Field field, List<Field> ruled) {
        if (!field.rules().isEmpty()) {
            ruled.add(field);
        }
        field.parts().stream().filter(this::isShown).forEach(part -> withRules(part, ruled));
    }

    private static Line cell(Field field, String mti) {
        List<Rule> rules = field.rules().stream()
                .filter(rule -> rule.messages().contains(mti))
                .toList();
        if (rules.isEmpty()) {
            return new Line();
        }
        Usage usage = rules.getFirst().usage();
        return rules.getFirst().when().isPresent()
                ? new Line().badge("C", "conditional")
                : new Line().badge(DocWords.usage(usage), DocWords.tone(usage));
    }

    private void fields() {
        page.heading(2, "fields", "Fields");
        Map<Integer, FieldDef> all = new TreeMap<>(spec.elements());
        if (!semantics.fields().isEmpty()) {
            // A base describes elements that the dialect may not use; what the spec speaks of is the dialect.
            all.keySet().retainAll(shown.keySet());
        }
        all.forEach((number, def) -> field(number, def, shown.get(number)));
    }

    private void field(int number, FieldDef def, Field field) {
        page.heading(3, DocWords.anchor("field", Integer.toString(number)), number + " " + def.name());
        Line facts = Line.code(DocWords.wire(def)).plain("  ").faint(DocWords.encoding(def));
        if (field == null) {
            page.paragraph(facts);
            return;
        }
        field.label().alias().ifPresent(alias -> facts.plain("  ").add(Line.Style.CODE, alias));
        badges(field, facts);
        page.paragraph(facts);
        prose(field);
        List<List<Line>> rows = new ArrayList<>();
        field.parts().stream().filter(this::isShown).forEach(part -> part(part, rows));
        if (!rows.isEmpty()) {
            page.table("wide", List.of("Part", "Name", "Meaning", "Values and format"), rows);
        }
    }

    private static void badges(Field field, Line line) {
        Sensitivity sensitivity = field.protection().sensitivity();
        if (sensitivity != Sensitivity.NONE) {
            line.plain("  ")
                    .badge(DocWords.sensitivity(sensitivity), sensitivity.name().toLowerCase(Locale.ROOT));
        }
        if (!field.label().shared()) {
            line.plain("  ").badge("private", "private");
        }
    }

    private void prose(Field field) {
        if (!field.label().meaning().isEmpty()) {
            page.paragraph(Line.of(field.label().meaning()));
        }
        Line promises = promises(field);
        if (!promises.isEmpty()) {
            page.paragraph(promises);
        }
        if (!field.label().note().isEmpty()) {
            page.paragraph(new Line().faint(field.label().note()));
        }
    }

    private static Line promises(Field field) {
        Line line = new Line();
        field.format().ifPresent(format -> line.plain("Format: " + DocWords.format(format)));
        field.values().ifPresent(values -> values(values, line.next().plain("Values: ")));
        return line;
    }

    private void part(Field part, List<List<Line>> rows) {
        Line name = Line.of(part.label().name());
        part.label().alias().ifPresent(alias -> name.next().add(Line.Style.CODE, alias));
        badges(part, name);
        Line meaning = Line.of(part.label().meaning()).remark(part.label().note());
        rows.add(List.of(Line.code(part.path().text()), name, meaning, promises(part)));
        part.parts().stream().filter(this::isShown).forEach(inner -> part(inner, rows));
    }
}
