package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig audit show}. */
@Command(
        name = "show",
        description = "Tells the story of a signal and of those that answer it, with classified fields masked.",
        footer = {"", "Example: fluxrig audit show 01ZJ8Q0G00001 --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class AuditShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FLUXID", description = "the signal")
    private String id;

    @Mixin
    private RackChoice choice;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @picocli.CommandLine.Spec
    private CommandSpec spec;

    private final Map<Bytes, Optional<Spec>> specs = new HashMap<>();

    @Override
    public Integer call() {
        long wanted = FluxId.parse(id);
        DataKeys keys = choice.keys();
        Set<Long> story = new HashSet<>(Set.of(wanted));
        List<Leaf> leaves = new ArrayList<>();
        choice.reader().forEach(leaf -> {
            if (leaf.id() != 0 && !story.contains(leaf.id()) && leaf.holdsMessage()) {
                LeafForm.message(leaf, keys)
                        .filter(m -> m.refId() != 0 && story.contains(m.refId()))
                        .ifPresent(m -> story.add(leaf.id()));
            }
            if (story.contains(leaf.id())) {
                leaves.add(leaf);
            }
        });
        // An answer names its request only once it is matched, so its first leaves may stand before that.
        Set<Long> answers = new HashSet<>(story);
        leaves.clear();
        choice.reader().forEach(leaf -> {
            if (answers.contains(leaf.id())) {
                leaves.add(leaf);
            }
        });
        if (leaves.isEmpty()) {
            throw new FluxException(CliError.NO_SIGNAL, "no leaf of " + FluxId.text(wanted));
        }
        print(leaves, keys);
        return 0;
    }

    private void print(List<Leaf> leaves, DataKeys keys) {
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Leaf leaf : leaves) {
            Optional<FluxMap> data = LeafForm.message(leaf, keys).map(message -> masked(leaf, message));
            if (json) {
                ObjectNode node = AuditListCommand.toJson(leaf);
                data.ifPresent(d -> {
                    ObjectNode fields = node.putObject("data");
                    d.forEach((key, value) -> fields.put(key, shown(value)));
                });
                all.add(node);
            } else {
                out.println(AuditListCommand.line(leaf));
                data.ifPresent(d -> d.forEach((key, value) ->
                        out.printf("            %-4s %-34s %s%n", key, nameOf(leaf, key), shown(value))));
                leaf.red()
                        .forEach(red -> out.printf(
                                "            %-4s %-34s never stored%n", red.path(), nameOf(leaf, red.path())));
            }
        }
        if (json) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .set("leaves", all)
                    .toString());
        }
        out.flush();
    }

    private FluxMap masked(Leaf leaf, FluxMsg message) {
        return specOf(leaf).map(s -> s.mask(message.data())).orElse(message.data());
    }

    private String nameOf(Leaf leaf, String key) {
        return specOf(leaf).map(s -> s.nameOf(key)).orElse("");
    }

    private Optional<Spec> specOf(Leaf leaf) {
        if (leaf.spec().isEmpty()) {
            return Optional.empty();
        }
        return specs.computeIfAbsent(leaf.spec(), hash -> {
            BlobStore store = BlobStore.open(choice.data());
            return store.has(hash) ? Optional.of(Specs.open(store, hash)) : Optional.empty();
        });
    }

    private static String shown(Value value) {
        return switch (value) {
            case Value.Text text -> AuditListCommand.printable(text.value());
            case Value.Bin bin -> bin.value().hex();
            case Value.Int number -> Long.toString(number.value());
            case Value.Decimal number -> number.value().toPlainString();
            default -> value.kind();
        };
    }
}
