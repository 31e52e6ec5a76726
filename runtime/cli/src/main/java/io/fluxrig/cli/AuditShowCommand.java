package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.Story;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig audit show}. */
@Command(
        name = "show",
        description = "Tells the story of a signal and of those that it caused, with classified fields masked.",
        footer = {
            "",
            "Examples: fluxrig audit show 01ZJ8Q0G00001 --data ./fluxrig-data",
            "          fluxrig audit show 01ZJ8Q0G00001 day.evidence.zip"
        },
        mixinStandardHelpOptions = true)
final class AuditShowCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FLUXID", description = "the signal")
    private String id;

    @Parameters(
            index = "1",
            paramLabel = "BUNDLE",
            arity = "0..1",
            description = "an evidence bundle instead of a data directory")
    private Optional<Path> bundle = Optional.empty();

    @Mixin
    private RackChoice choice;

    @Mixin
    private RevealOptions reveal;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @picocli.CommandLine.Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        long wanted = FluxId.parse(id);
        if (bundle.isPresent()) {
            try (Bundle open = Bundle.open(bundle.get());
                    AuditNames names = AuditNames.of(open)) {
                tell(wanted, Story.read(open.reader(), open.keys(), wanted), open.keys(), names);
            }
            return 0;
        }
        DataKeys keys = choice.keys();
        PrintWriter err = spec.commandLine().getErr();
        try (AuditNames names = AuditNames.of(choice)) {
            tell(wanted, Story.of(choice.files(), keys, wanted, Progress.of(err, "leaves indexed")), keys, names);
        }
        return 0;
    }

    private void tell(long wanted, List<Leaf> leaves, DataKeys keys, AuditNames names) {
        if (leaves.isEmpty()) {
            throw new FluxException(CliError.NO_SIGNAL, "no leaf of " + FluxId.text(wanted));
        }
        reveal.recordBefore(bundle.isPresent() ? Optional.empty() : Optional.of(choice.files()), wanted, spec);
        print(leaves, keys, names);
    }

    private void print(List<Leaf> leaves, DataKeys keys, AuditNames names) {
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Leaf leaf : leaves) {
            Optional<Spec> read = names.spec(leaf.spec());
            Optional<FluxMap> data = LeafForm.message(leaf, keys).map(message -> shownOf(read, message));
            boolean sealed = leaf.holdsMessage() && data.isEmpty();
            if (json) {
                all.add(node(leaf, data, sealed));
            } else {
                out.println(AuditListCommand.line(leaf));
                data.ifPresent(d -> d.forEach((key, value) ->
                        out.printf("            %-4s %-34s %s%n", key, nameOf(read, key), shown(value))));
                leaf.red()
                        .forEach(red -> out.printf(
                                "            %-4s %-34s never stored%n", red.path(), nameOf(read, red.path())));
                if (sealed) {
                    out.println(
                            "            sealed: its data key is not here, or was destroyed ('audit verify' tells)");
                }
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

    private static ObjectNode node(Leaf leaf, Optional<FluxMap> data, boolean sealed) {
        ObjectNode node = AuditListCommand.toJson(leaf);
        data.ifPresent(d -> {
            ObjectNode fields = node.putObject("data");
            d.forEach((key, value) -> fields.set(key, json(value)));
        });
        if (!leaf.red().isEmpty()) {
            ArrayNode red = node.putArray("neverStored");
            leaf.red().forEach(one -> red.add(one.path()));
        }
        if (sealed) {
            node.put("sealed", true);
        }
        return node;
    }

    private FluxMap shownOf(Optional<Spec> read, FluxMsg message) {
        return reveal.asked()
                ? message.data()
                : read.map(s -> s.mask(message.data())).orElse(message.data());
    }

    private static String nameOf(Optional<Spec> read, String key) {
        return read.map(s -> s.nameOf(key)).orElse("");
    }

    private static JsonNode json(Value value) {
        if (value instanceof FluxMap map) {
            ObjectNode parts = JsonNodeFactory.instance.objectNode();
            map.forEach((key, part) -> parts.set(key, json(part)));
            return parts;
        }
        return JsonNodeFactory.instance.textNode(shown(value));
    }

    private static String shown(Value value) {
        return switch (value) {
            case Value.Text text -> AuditListCommand.printable(text.value());
            case Value.Bin bin -> bin.value().hex();
            case Value.Int number -> Long.toString(number.value());
            case Value.Decimal number -> number.value().toPlainString();
            case FluxMap parts -> {
                List<String> all = new ArrayList<>();
                parts.forEach((key, part) -> all.add(key + "=" + shown(part)));
                yield String.join(" ", all);
            }
            case Value.Array array ->
                array.items().stream().map(AuditShowCommand::shown).collect(Collectors.joining(" ", "[", "]"));
            default -> value.kind();
        };
    }
}
