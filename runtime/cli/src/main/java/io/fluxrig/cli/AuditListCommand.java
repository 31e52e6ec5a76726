package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.InDoubt;
import io.fluxrig.audit.LeafIndex;
import io.fluxrig.audit.LeafQuery;
import io.fluxrig.node.LeafJson;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit list}. */
@Command(
        name = "list",
        description = "Lists leaves, or the requests that are in doubt.",
        footer = {
            "",
            "Examples: fluxrig audit list --data ./fluxrig-data --outcome failed --since 2026-11-23T00:00:00Z",
            "          fluxrig audit list --data ./fluxrig-data --field retrieval.reference=000000000042",
            "          fluxrig audit list --data ./fluxrig-data --in-doubt --json-lines"
        },
        mixinStandardHelpOptions = true)
final class AuditListCommand implements Callable<Integer> {
    /** From so many answers on reading the log in order is faster than looking up each. */
    private static final int DENSE = 2_000;

    @Parameters(paramLabel = "BUNDLE", arity = "0..1", description = "an evidence bundle instead of a data directory")
    private Optional<Path> bundle = Optional.empty();

    @Mixin
    private RackChoice choice;

    @Mixin
    private LeafFilter filter;

    @Option(names = "--from", paramLabel = "N", description = "from this leaf on", defaultValue = "0")
    private long from;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "at most so many; what follows is told (default: ${DEFAULT-VALUE})",
            defaultValue = "1000000")
    private long limit;

    @Option(names = "--no-index", description = "read the log itself instead of an index beside it")
    private boolean noIndex;

    @Option(
            names = "--in-doubt",
            description = "requests that left for a peer whose own answer was not delivered to who asked")
    private boolean inDoubt;

    @Option(
            names = {"--json-lines", "--json"},
            description = "one JSON object a line")
    private boolean jsonLines;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (bundle.isPresent()) {
            if (inDoubt) {
                throw new ParameterException(spec.commandLine(), "--in-doubt needs the data directory and its keys");
            }
            try (Bundle open = Bundle.open(bundle.get());
                    AuditNames names = AuditNames.of(open)) {
                scan(open.reader(), filter.query(names), open.keys(), out);
            }
        } else if (inDoubt) {
            listInDoubt(out);
        } else {
            try (AuditNames names = AuditNames.of(choice)) {
                list(filter.query(names), out);
            }
        }
        out.flush();
        return 0;
    }

    private void list(LeafQuery query, PrintWriter out) {
        Optional<LeafIndex> index = noIndex || query.equals(LeafQuery.any()) ? Optional.empty() : index();
        List<Long> few = new ArrayList<>();
        index.ifPresent(i -> i.candidates(query, from, n -> {
            few.add(n);
            return few.size() <= Math.min(limit, DENSE);
        }));
        if (index.isEmpty()) {
            scan(choice.reader(), query, choice.keys(), out);
        } else if (few.size() > DENSE) {
            from = few.getFirst();
            scan(choice.reader(), query, choice.keys(), out);
        } else {
            for (long n : few) {
                Optional<Leaf> leaf = index.get().leaf(n).filter(l -> query.matches(l, choice.keys()));
                if (leaf.isPresent() && !shown(leaf.get(), out)) {
                    return;
                }
            }
        }
    }

    private Optional<LeafIndex> index() {
        try {
            PrintWriter err = spec.commandLine().getErr();
            return Optional.of(LeafIndex.upToDate(choice.files(), choice.keys(), Progress.of(err, "leaves indexed")));
        } catch (FluxException readOnly) {
            return Optional.empty();
        }
    }

    private void scan(VaultReader reader, LeafQuery query, DataKeys keys, PrintWriter out) {
        reader.from(from, leaf -> !query.matches(leaf, keys) || shown(leaf, out));
    }

    /** Whether more may follow. */
    private boolean shown(Leaf leaf, PrintWriter out) {
        if (limit == 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf("there is more: go on with --from %d%n", leaf.n());
            err.flush();
            return false;
        }
        limit--;
        ObjectNode node = LeafJson.of(leaf);
        out.println(jsonLines ? node.toString() : line(node));
        return true;
    }

    /** A leaf on one line. */
    static String line(JsonNode leaf) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                "%8d  %s  %-8s",
                leaf.path("n").asLong(),
                leaf.path("at").asText(),
                leaf.path("kind").asText()));
        if (leaf.has("id")) {
            line.append("  ").append(leaf.path("id").asText());
        }
        if (leaf.has("gear")) {
            line.append("  ").append(leaf.path("gear").asText());
        }
        if (leaf.has("port")) {
            line.append('.').append(leaf.path("port").asText());
        }
        leaf.path("note")
                .properties()
                .forEach(note -> line.append("  ")
                        .append(note.getKey())
                        .append('=')
                        .append(LeafJson.printable(note.getValue().asText())));
        return line.toString();
    }

    private void listInDoubt(PrintWriter out) {
        InDoubt doubts = new InDoubt(choice.keys());
        choice.reader().forEach(doubts::see);
        for (InDoubt.Row row : doubts.rows()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("id", FluxId.text(row.id()));
            node.put("leaf", row.leaf());
            node.put("at", LeafJson.time(row.at()));
            node.put("gear", new FluxEntityId(row.leftBy()).text());
            // Only elements that no spec classifies, and by which both sides can find the transaction.
            put(node, "mti", row, "0");
            put(node, "stan", row, "11");
            put(node, "transmissionTime", row, "7");
            put(node, "rrn", row, "37");
            put(node, "terminal", row, "41");
            out.println(jsonLines ? node.toString() : people(node));
        }
        if (!jsonLines) {
            out.printf("%d in doubt%n", doubts.rows().size());
        }
    }

    private static void put(ObjectNode node, String name, InDoubt.Row row, String element) {
        row.request().data().text(element).ifPresent(text -> node.put(name, LeafJson.printable(text)));
    }

    private static String people(ObjectNode node) {
        StringBuilder line = new StringBuilder();
        node.properties()
                .forEach(field -> line.append(field.getKey())
                        .append('=')
                        .append(field.getValue().asText())
                        .append("  "));
        return line.toString().stripTrailing();
    }
}
