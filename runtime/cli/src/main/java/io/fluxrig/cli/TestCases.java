package io.fluxrig.cli;

import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.Suggest;
import io.fluxrig.spec.YamlFile;
import io.fluxrig.spec.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code *.test.yaml}: cases, each a story of what comes in and what must come out. */
final class TestCases {
    private static final Set<String> VERBS = Set.of("send", "expect", "nothing-at", "after", "lost", "back", "restart");
    private static final Set<String> KEYS = Set.of("as", "answers", "data", "meta", "without");

    /** A case with the place where it stands. */
    record Case(String name, int line, List<Step> steps) {}

    /** One line of the story. */
    sealed interface Step {
        int line();
    }

    /** @param as names the sender, so that its answer can be told from others; @param answers a gear whose last message this one answers */
    record Send(
            int line,
            String gear,
            String port,
            Optional<String> as,
            Optional<String> answers,
            Map<String, String> data,
            Map<String, String> meta)
            implements Step {}

    record Expect(
            int line,
            String gear,
            String port,
            Optional<String> as,
            Map<String, String> data,
            Map<String, String> meta,
            List<String> without)
            implements Step {}

    /** Nothing has left there that no step has expected. */
    record NothingAt(int line, String gear) implements Step {}

    record After(int line, Duration time) implements Step {}

    record Peer(int line, String gear, boolean up) implements Step {}

    record Restart(int line) implements Step {}

    private final String shown;
    private final List<Finding> findings = new ArrayList<>();

    private TestCases(Path file) {
        this.shown = file.toString();
    }

    record Read(List<Case> cases, List<Finding> findings) {}

    static Read read(Path file) {
        TestCases reader = new TestCases(file);
        List<Case> cases = new ArrayList<>();
        try {
            Optional<YamlNode> root = YamlFile.parse(reader.shown, Files.readAllBytes(file), reader.findings);
            if (root.isPresent() && root.get() instanceof YamlNode.Mapping top) {
                reader.known(top, Set.of("cases"));
                reader.items(top, "cases").forEach(item -> reader.readCase(item).ifPresent(cases::add));
                if (cases.isEmpty()) {
                    reader.add(top, "there is no case", "write cases: and - name: ...");
                }
            } else if (root.isPresent()) {
                reader.add(root.get(), "a test file is a map", "begin with cases:");
            }
        } catch (IOException missing) {
            reader.findings.add(
                    new Finding(reader.shown, 1, 1, CliError.TEST_FILE, "the file cannot be read", "check its name"));
        }
        return new Read(List.copyOf(cases), List.copyOf(reader.findings));
    }

    private Optional<Case> readCase(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping map)) {
            add(node, "a case is a map", "write - name: ...");
            return Optional.empty();
        }
        known(map, Set.of("name", "steps"));
        List<Step> steps = new ArrayList<>();
        items(map, "steps").forEach(item -> step(item).ifPresent(steps::add));
        Optional<String> name = map.text("name");
        if (name.isEmpty() || steps.isEmpty()) {
            add(map, "a case has a name and steps", "add them");
            return Optional.empty();
        }
        return Optional.of(new Case(name.get(), map.line(), steps));
    }

    private Optional<Step> step(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping map)) {
            add(node, "a step is a map", "write - send: gear.port, for example");
            return Optional.empty();
        }
        Set<String> words = new TreeSet<>(VERBS);
        words.addAll(KEYS);
        known(map, words);
        List<String> verbs =
                map.entries().keySet().stream().filter(VERBS::contains).toList();
        if (verbs.size() != 1) {
            add(map, "a step says one thing", "use one of " + String.join(", ", new TreeSet<>(VERBS)));
            return Optional.empty();
        }
        String verb = verbs.getFirst();
        String what = map.text(verb).orElse("");
        int line = map.line();
        return switch (verb) {
            case "send", "expect" -> message(map, verb, what, line);
            case "nothing-at" -> Optional.of(new NothingAt(line, what));
            case "lost", "back" -> Optional.of(new Peer(line, what, verb.equals("back")));
            case "restart" -> Optional.of(new Restart(line));
            default -> {
                Duration time = SettingsSchema.duration(what);
                if (time == null) {
                    add(map, "'" + what + "' is not a time", "write 2s or 250ms, for example");
                }
                yield Optional.ofNullable(time).map(t -> new After(line, t));
            }
        };
    }

    private Optional<Step> message(YamlNode.Mapping map, String verb, String what, int line) {
        String[] parts = what.split("\\.", -1);
        if (parts.length != 2) {
            add(map, "'" + what + "' is not gear.port", "write the gear's name, a dot, and its port");
            return Optional.empty();
        }
        Map<String, String> data = texts(map, "data");
        Map<String, String> meta = texts(map, "meta");
        if (verb.equals("send")) {
            return Optional.of(new Send(line, parts[0], parts[1], map.text("as"), map.text("answers"), data, meta));
        }
        List<String> without = items(map, "without").stream()
                .map(item -> item instanceof YamlNode.Scalar scalar ? scalar.text() : "")
                .toList();
        return Optional.of(new Expect(line, parts[0], parts[1], map.text("as"), data, meta, without));
    }

    private Map<String, String> texts(YamlNode.Mapping map, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.get(key).ifPresent(node -> {
            if (node instanceof YamlNode.Mapping inner) {
                inner.entries().keySet().forEach(k -> inner.text(k).ifPresent(v -> texts.put(k, v)));
            } else {
                add(node, "'" + key + "' is not a map", "write " + key + ": { field: value }");
            }
        });
        return texts;
    }

    private List<YamlNode> items(YamlNode.Mapping map, String key) {
        YamlNode node = map.get(key).orElse(null);
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        if (node != null) {
            add(node, "'" + key + "' is not a list", "begin each item with -");
        }
        return List.of();
    }

    private void known(YamlNode.Mapping map, Set<String> keys) {
        map.entries().values().forEach(entry -> {
            String key = entry.key().text();
            if (!keys.contains(key)) {
                add(
                        entry.key(),
                        "unknown key",
                        Suggest.hint(key, keys, "known here: " + String.join(", ", new TreeSet<>(keys))));
            }
        });
    }

    private void add(YamlNode at, String what, String hint) {
        findings.add(new Finding(shown, at.line(), at.column(), CliError.TEST_FILE, what, hint));
    }
}
