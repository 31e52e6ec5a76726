package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A spec over those that it extends, as one.
 *
 * @param head of the spec itself
 * @param merged its content over theirs
 * @param source where {@code wire.source} leads, if it stands anywhere
 * @param report tells findings with the file that their node came from
 */
record Layers(SpecReader.Head head, YamlNode.Mapping merged, Optional<Source> source, Report report) {
    private static final int MAX = 8;

    /** @param around what the name leads to is found there */
    record Source(YamlNode.Scalar name, Neighbours around) {}

    static Optional<Layers> read(String name, byte[] bytes, Neighbours around, List<Finding> findings) {
        return new Reading(name, findings).read(name, bytes, around);
    }

    private static final class Reading {
        private final List<Finding> findings;
        private final Map<YamlNode, String> files = new IdentityHashMap<>();
        private final Report report;
        private final List<String> chain = new ArrayList<>();

        Reading(String file, List<Finding> findings) {
            this.findings = findings;
            this.report = new Report(findings, node -> files.getOrDefault(node, file));
        }

        Optional<Layers> read(String name, byte[] bytes, Neighbours around) {
            return YamlFile.parse(name, bytes, findings)
                    .flatMap(root -> new SpecReader(name, findings).head(root))
                    .map(head -> {
                        remember(head.spec(), name);
                        chain.add(name);
                        return extended(head, around);
                    });
        }

        private Layers extended(SpecReader.Head head, Neighbours around) {
            Layers alone =
                    new Layers(head, head.spec(), head.source().map(source -> new Source(source, around)), report);
            return parent(head, around)
                    .map(below -> new Layers(
                            head,
                            new Merge(files).spec(below.merged(), head.spec()),
                            alone.source().or(below::source),
                            report))
                    .orElse(alone);
        }

        private Optional<Layers> parent(SpecReader.Head head, Neighbours around) {
            YamlNode node = head.spec().get("extends").orElse(null);
            if (node == null) {
                return Optional.empty();
            }
            if (!(node instanceof YamlNode.Scalar reference) || reference.isNull()) {
                report.error(node, SpecError.VALUE, "'extends' is not text", "write the name of a spec");
                return Optional.empty();
            }
            return switch (around.find(reference.text())) {
                case Neighbours.Found.Nowhere nowhere -> refused(reference, nowhere.why());
                case Neighbours.Found.Here here -> {
                    if (chain.contains(here.name())) {
                        yield refused(reference, "'" + reference.text() + "' extends this one: a circle");
                    }
                    if (chain.size() >= MAX) {
                        yield refused(reference, "more than " + MAX + " specs extend each other");
                    }
                    yield read(here.name(), here.bytes(), here.around());
                }
            };
        }

        private Optional<Layers> refused(YamlNode at, String why) {
            report.error(at, SpecError.EXTENDS, why, SpecError.EXTENDS.advice());
            return Optional.empty();
        }

        private void remember(YamlNode node, String file) {
            files.put(node, file);
            switch (node) {
                case YamlNode.Scalar scalar -> {}
                case YamlNode.Sequence list -> list.items().forEach(item -> remember(item, file));
                case YamlNode.Mapping map ->
                    map.entries().values().forEach(entry -> {
                        files.put(entry.key(), file);
                        remember(entry.value(), file);
                    });
            }
        }
    }
}
