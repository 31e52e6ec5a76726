package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.Story;
import io.fluxrig.node.LeafJson;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** {@code fluxrig audit show}. */
@Command(
        name = "show",
        description = {
            "Tells the story of a signal and of those that it caused, with classified fields masked.",
            "With --api the running Rack tells it, to an auditor, and records who asked."
        },
        footer = {
            "",
            "Examples: fluxrig audit show 01ZJ8Q0G00001 --data ./fluxrig-data",
            "          fluxrig audit show 01ZJ8Q0G00001 day.evidence.zip",
            "          fluxrig audit show 01ZJ8Q0G00001 --api http://127.0.0.1:8090 --token-file alice.token --reveal --reason 'dispute 7'"
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
    private Api api;

    @Mixin
    private RevealOptions reveal;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description =
                    "without --api: where who saw what, when and why is added, one JSON object a line, before anything is revealed")
    private Optional<Path> accessLog = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        long wanted = FluxId.parse(id);
        if (Api.isNamed(spec)) {
            if (bundle.isPresent() || spec.commandLine().getParseResult().hasMatchedOption("--data")) {
                throw new ParameterException(
                        spec.commandLine(), "--api asks a running Rack: give no bundle and no --data with it");
            }
            print(reveal.ask(api, wanted, choice.named(), spec));
        } else if (bundle.isPresent()) {
            try (Bundle open = Bundle.open(bundle.get());
                    AuditNames names = AuditNames.of(open)) {
                tell(wanted, Story.read(open.reader(), open.keys(), wanted), open.keys(), names);
            }
        } else {
            DataKeys keys = choice.keys();
            PrintWriter err = spec.commandLine().getErr();
            try (AuditNames names = AuditNames.of(choice)) {
                tell(wanted, Story.of(choice.files(), keys, wanted, Progress.of(err, "leaves indexed")), keys, names);
            }
        }
        return 0;
    }

    private void tell(long wanted, List<Leaf> leaves, DataKeys keys, AuditNames names) {
        if (leaves.isEmpty()) {
            throw new FluxException(CliError.NO_SIGNAL, "no leaf of " + FluxId.text(wanted));
        }
        reveal.recordBefore(
                bundle.isPresent() ? Optional.empty() : Optional.of(choice.files()), wanted, accessLog, spec);
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("id", id);
        ArrayNode all = document.putArray("leaves");
        leaves.forEach(leaf -> all.add(LeafJson.of(leaf, keys, names.spec(leaf.spec()), reveal.asked())));
        print(document);
    }

    private void print(JsonNode document) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(document);
        } else {
            StoryText.print(document.path("leaves"), out);
        }
        out.flush();
    }
}
