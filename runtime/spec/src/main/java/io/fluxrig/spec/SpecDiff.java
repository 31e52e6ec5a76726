package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What changed from one spec to another, in words. */
public final class SpecDiff {
    /** Where a change matters. */
    public enum Area {
        /** Other bytes are read or written. */
        WIRE,
        /** People or the pipeline understand something else; classification is here too. */
        MEANING,
        /** Other messages are accepted. */
        RULES;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param subject element, part, enum, message or check; {@code -} for the spec itself */
    public record Change(Area area, String subject, String what) {}

    private final List<Change> changes = new ArrayList<>();

    private SpecDiff() {}

    /** By area; empty where nothing changed but spelling and order. */
    public static List<Change> between(Spec before, Spec after) {
        SpecDiff diff = new SpecDiff();
        diff.wire(before.elements(), after.elements());
        diff.meaning(before.semantics(), after.semantics());
        diff.rules(before.semantics(), after.semantics());
        return List.copyOf(diff.changes);
    }

    private void add(Area area, String subject, String what) {
        changes.add(new Change(area, subject, what));
    }

    /** Tells what was added and removed, and hands on what stands in both. */
    private <T> void both(
            Area area, Map<String, T> before, Map<String, T> after, Function<T, String> words, Pair<T> compare) {
        TreeSet<String> keys = new TreeSet<>(SpecDiff::byNumber);
        keys.addAll(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            T old = before.get(key);
            T now = after.get(key);
            if (old == null) {
                add(area, key, "added: " + words.apply(now));
            } else if (now == null) {
                add(area, key, "removed: " + words.apply(old));
            } else {
                compare.of(key, old, now);
            }
        }
    }

    private interface Pair<T> {
        void of(String key, T before, T after);
    }

    private static int byNumber(String a, String b) {
        return a.length() <= 3 && b.length() <= 3 && Format.isDigits(a) && Format.isDigits(b)
                ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
                : a.compareTo(b);
    }

    private void changed(Area area, String subject, String what, String before, String after) {
        if (!before.equals(after)) {
            add(area, subject, what + " was " + quoted(before) + ", is " + quoted(after));
        }
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "nothing" : "'" + text + "'";
    }

    private void wire(Map<Integer, FieldDef> before, Map<Integer, FieldDef> after) {
        both(Area.WIRE, named(before), named(after), SpecDiff::onTheWire, (number, old, now) -> {
            int count = changes.size();
            changed(Area.WIRE, number, "the form", DocWords.wire(old), DocWords.wire(now));
            changed(Area.WIRE, number, "the encoding", DocWords.encoding(old), DocWords.encoding(now));
            changed(Area.WIRE, number, "the padding", padding(old), padding(now));
            if (count == changes.size() && !bytesOnly(old).equals(bytesOnly(now))) {
                add(Area.WIRE, number, "its parts lie otherwise");
            }
        });
    }

    private static FieldDef bytesOnly(FieldDef def) {
        FieldDef plain = def.described("", Optional.empty(), Sensitivity.NONE);
        return def.parts()
                .map(parts -> plain.with(parts.with(parts.parts().stream()
                        .map(part -> new FieldDef.Part(part.id(), part.from(), part.to(), bytesOnly(part.def())))
                        .toList())))
                .orElse(plain);
    }

    private static Map<String, FieldDef> named(Map<Integer, FieldDef> elements) {
        Map<String, FieldDef> named = new LinkedHashMap<>();
        elements.forEach((number, def) -> named.put(Integer.toString(number), def));
        return named;
    }

    private static String onTheWire(FieldDef def) {
        return DocWords.wire(def) + ", " + DocWords.encoding(def);
    }

    private static String padding(FieldDef def) {
        return def.padLeft()
                .map(left -> (left ? "left with " : "right with ") + def.pad())
                .orElse("");
    }

    private void meaning(Semantics before, Semantics after) {
        changed(
                Area.MEANING,
                "-",
                "the name",
                before.about().title(),
                after.about().title());
        changed(
                Area.MEANING,
                "-",
                "the overview",
                before.about().overview(),
                after.about().overview());
        both(
                Area.MEANING,
                fields(before),
                fields(after),
                field -> field.label().name(),
                (path, old, now) -> field(path, old, now));
        both(
                Area.MEANING,
                before.enums(),
                after.enums(),
                values -> "enum of " + values.codes().size(),
                this::codes);
    }

    private static Map<String, Field> fields(Semantics semantics) {
        Map<String, Field> all = new LinkedHashMap<>();
        semantics.fields().values().forEach(field -> walk(field, all::put));
        return all;
    }

    private static void walk(Field field, BiConsumer<String, Field> each) {
        each.accept(field.path().text(), field);
        field.parts().forEach(part -> walk(part, each));
    }

    private void field(String path, Field old, Field now) {
        changed(Area.MEANING, path, "the name", old.label().name(), now.label().name());
        changed(
                Area.MEANING,
                path,
                "the alias",
                old.label().alias().orElse(""),
                now.label().alias().orElse(""));
        changed(
                Area.MEANING,
                path,
                "the meaning",
                old.label().meaning(),
                now.label().meaning());
        changed(Area.MEANING, path, "the note", old.label().note(), now.label().note());
        changed(Area.MEANING, path, "the scope", scope(old), scope(now));
        changed(Area.MEANING, path, "the sensitivity", sensitivity(old), sensitivity(now));
        changed(Area.MEANING, path, "the use in cryptography", role(old), role(now));
    }

    private static String scope(Field field) {
        return field.label().shared() ? "public" : "private";
    }

    private static String sensitivity(Field field) {
        return field.protection().sensitivity().name().toLowerCase(Locale.ROOT)
                + (field.protection().wideBin() ? ", eight digits shown" : "");
    }

    private static String role(Field field) {
        return field.protection()
                .role()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    private void codes(String name, ValueSet old, ValueSet now) {
        if (old.closed() != now.closed()) {
            add(Area.RULES, name, now.closed() ? "is closed now" : "is open now");
        }
        both(
                now.closed() ? Area.RULES : Area.MEANING,
                prefixed(name, old),
                prefixed(name, now),
                code -> code.name().isEmpty() ? "a value" : code.name(),
                (code, was, is) -> {
                    changed(Area.MEANING, code, "the name", was.name(), is.name());
                    changed(Area.MEANING, code, "the category", was.category(), is.category());
                    changed(Area.MEANING, code, "the meaning", was.meaning(), is.meaning());
                });
    }

    private static Map<String, Semantics.Code> prefixed(String name, ValueSet values) {
        Map<String, Semantics.Code> codes = new LinkedHashMap<>();
        values.codes().forEach((code, said) -> codes.put(name + " " + code, said));
        return codes;
    }

    private void rules(Semantics before, Semantics after) {
        changed(Area.RULES, "-", "what is not listed", unlisted(before), unlisted(after));
        both(Area.RULES, before.catalog(), after.catalog(), MessageType::name, (mti, old, now) -> {
            changed(Area.RULES, mti, "the message", RuleWords.message(old), RuleWords.message(now));
            changed(Area.MEANING, mti, "the name", old.name(), now.name());
        });
        Map<String, Field> now = fields(after);
        fields(before).forEach((path, old) -> {
            if (now.containsKey(path)) {
                promises(path, old, now.get(path));
            }
        });
        both(
                Area.RULES,
                RuleWords.checks(before),
                RuleWords.checks(after),
                words -> words,
                (name, was, is) -> changed(Area.RULES, name, "the check", was, is));
        changed(Area.RULES, "-", "what follows what", RuleWords.transitions(before), RuleWords.transitions(after));
        changed(Area.RULES, "-", "correlation", RuleWords.correlation(before), RuleWords.correlation(after));
    }

    private static String unlisted(Semantics semantics) {
        return semantics.unlistedForbidden() ? "forbidden" : "optional";
    }

    private void promises(String path, Field old, Field now) {
        changed(
                Area.RULES,
                path,
                "the format",
                old.format().map(DocWords::format).orElse(""),
                now.format().map(DocWords::format).orElse(""));
        changed(Area.RULES, path, "the values", RuleWords.values(old.values()), RuleWords.values(now.values()));
        Map<String, String> was = RuleWords.byMessage(old);
        Map<String, String> is = RuleWords.byMessage(now);
        TreeSet<String> messages = new TreeSet<>(was.keySet());
        messages.addAll(is.keySet());
        messages.forEach(
                mti -> changed(Area.RULES, path, "in " + mti, was.getOrDefault(mti, ""), is.getOrDefault(mti, "")));
    }
}
