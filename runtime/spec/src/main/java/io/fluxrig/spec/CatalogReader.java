package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Flow;
import io.fluxrig.spec.Semantics.MessageType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code messages}: which messages there are and how they follow each other. */
final class CatalogReader {
    private final Report report;
    private final boolean iso;

    CatalogReader(boolean iso, Report report) {
        this.iso = iso;
        this.report = report;
    }

    Map<String, MessageType> catalog(Optional<YamlNode.Mapping> messages) {
        Map<String, MessageType> catalog = new LinkedHashMap<>();
        Map<String, YamlNode.Mapping> nodes = new LinkedHashMap<>();
        Nodes.entries(messages.flatMap(m -> m.get("catalog"))).forEach((mti, entry) -> {
            if (entry.value() instanceof YamlNode.Mapping map) {
                digits(entry.key());
                nodes.put(mti, map);
                catalog.put(mti, type(mti, map));
            }
        });
        nodes.forEach((mti, map) ->
                Nodes.oneOrMore(map, "pairs_with").forEach(other -> pair(catalog.get(mti), other, catalog)));
        return catalog;
    }

    private void digits(YamlNode.Scalar mti) {
        if (iso && !mti.text().matches("[0-9]{4}")) {
            report.error(
                    mti,
                    SpecError.VALUE,
                    "'" + mti.text() + "' is not a message type of ISO 8583",
                    "write four digits");
        }
    }

    private static MessageType type(String mti, YamlNode.Mapping map) {
        return new MessageType(
                mti,
                map.text("name").orElse(""),
                Nodes.word(Flow.class, map, "flow").orElse(Flow.REQUEST),
                List.copyOf(Nodes.words(map, "pairs_with")),
                map.text("response_timeout").flatMap(CatalogReader::duration),
                map.text("class").orElse(""),
                map.text("note").orElse(""));
    }

    private void pair(MessageType type, YamlNode.Scalar other, Map<String, MessageType> catalog) {
        MessageType partner = catalog.get(other.text());
        if (partner == null) {
            report.error(
                    other,
                    SpecError.MESSAGE,
                    "pairs_with: " + other.text() + " is not in the catalogue",
                    Suggest.hint(other.text(), catalog.keySet(), "add it to messages.catalog"));
        } else if (partner.flow() == type.flow()) {
            report.error(
                    other,
                    SpecError.RULE,
                    "a " + words(type.flow()) + " pairs with a " + words(partner.flow()),
                    "pair a request with a response");
        } else if (!partner.pairsWith().isEmpty() && !partner.pairsWith().contains(type.mti())) {
            report.error(
                    other,
                    SpecError.RULE,
                    type.mti() + " pairs with " + partner.mti() + ", which pairs with "
                            + String.join(", ", partner.pairsWith()),
                    "name both ways, as a list where one answers several");
        }
    }

    private static String words(Flow flow) {
        return flow == Flow.REQUEST ? "request" : "response";
    }

    private static Optional<Duration> duration(String text) {
        String digits = text.replaceAll("[^0-9]", "");
        if (!text.matches("[1-9][0-9]{0,6}(ms|s|m|h)")) {
            return Optional.empty();
        }
        long number = Long.parseLong(digits);
        return Optional.of(
                switch (text.substring(digits.length())) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    List<Semantics.Transition> transitions(Optional<YamlNode.Mapping> messages, RulesReader rules) {
        List<Semantics.Transition> transitions = new ArrayList<>();
        messages.map(m -> Nodes.maps(m, "transitions")).orElse(List.of()).forEach(node -> {
            Nodes.oneOrMore(node, "from").forEach(rules::known);
            Nodes.oneOrMore(node, "to").forEach(rules::known);
            transitions.add(new Semantics.Transition(
                    Nodes.words(node, "from"),
                    Nodes.words(node, "to"),
                    node.text("note").orElse("")));
        });
        return transitions;
    }
}
