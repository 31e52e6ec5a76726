package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.Specs;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig spec ...}. */
@Command(
        name = "spec",
        description = "Checks specs and files them in the content-addressed store.",
        subcommands = {
            SpecHistoryCommand.class,
            SpecExportCommand.class,
            SpecDiffCommand.class,
            SpecDocCommand.class,
            SpecSchemaCommand.class,
            SpecExplainCommand.class,
            SpecUnpackCommand.class,
            SpecPackCommand.class,
            SpecProbeCommand.class
        },
        footer = {"", "Example: fluxrig spec lint examples/payment-switch/specs/payments.yaml"},
        mixinStandardHelpOptions = true)
final class SpecCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "lint",
            description = "Finds everything that is wrong with a spec file.",
            footer = {"", "Example: fluxrig spec lint payments.yaml"},
            mixinStandardHelpOptions = true)
    int lint(
            @Parameters(paramLabel = "FILE", description = "a spec in YAML") Path file,
            @Mixin DataOption data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return Findings.report(
                Specs.lint(file, store(data)), json, out(), spec.commandLine().getErr());
    }

    @Command(
            name = "import",
            description = "Files a spec and its bases; a version that names other bytes is refused.",
            footer = {"", "Example: fluxrig spec import payments.yaml --name acme --tag 2.0.0 --data ./fluxrig-data"},
            mixinStandardHelpOptions = true)
    int importFile(
            @Parameters(
                            paramLabel = "FILE",
                            description = "a spec in YAML, or one that comes with the program: fluxrig:NAME")
                    Path file,
            @Option(names = "--name", paramLabel = "N", description = "file it under this name (default: its id)")
                    Optional<String> name,
            @Option(names = "--tag", paramLabel = "T", description = "and this version (default: its own)")
                    Optional<String> tag,
            @Mixin DataOption data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        boolean shipped = Specs.shipped().contains(file.toString());
        List<Finding> findings =
                shipped ? List.of() : Specs.load(file, store(data)).findings();
        if (findings.stream().anyMatch(f -> !f.warning())) {
            return Findings.report(findings, json, out(), spec.commandLine().getErr());
        }
        BlobStore blobs = data.open().blobs();
        Specs.Imported imported = shipped
                ? Specs.importShipped(blobs, file.toString(), name, tag)
                : Specs.importInto(blobs, file, name, tag);
        if (json) {
            out().println(JsonNodeFactory.instance
                    .objectNode()
                    .put("name", imported.name())
                    .put("version", imported.version())
                    .put("sha256", imported.spec().sha256().hex())
                    .put("size", imported.spec().size()));
        } else {
            out().printf(
                            "%s:%s  sha256:%s%n",
                            imported.name(),
                            imported.version(),
                            imported.spec().sha256().hex());
        }
        out().flush();
        return 0;
    }

    @Command(
            name = "list",
            description = "Lists the specs in the store, and those that come with the program.",
            footer = {"", "Example: fluxrig spec list --data ./fluxrig-data"},
            mixinStandardHelpOptions = true)
    int list(
            @Mixin DataOption data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        List<BlobStore.Entry> entries = data.open().blobs().list();
        if (json) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            ArrayNode shipped = JsonNodeFactory.instance.arrayNode();
            Specs.shipped().forEach(shipped::add);
            entries.forEach(e -> all.addObject()
                    .put("name", e.name())
                    .put("version", e.version())
                    .put("sha256", e.sha256().hex()));
            out().println(JsonNodeFactory.instance
                    .objectNode()
                    .<ObjectNode>set("specs", all)
                    .set("shipped", shipped)
                    .toString());
        } else {
            entries.forEach(e -> out().printf(
                            "%s:%s  sha256:%s%n",
                            e.name(), e.version(), e.sha256().hex()));
            PrintWriter err = spec.commandLine().getErr();
            Specs.shipped().forEach(reference -> err.println(reference + "  comes with the program"));
            err.flush();
        }
        out().flush();
        return 0;
    }

    /** The store where there is one: a lint makes no directory. */
    private static Optional<BlobStore> store(DataOption data) {
        return Optional.of(data.path()).filter(Files::isDirectory).map(BlobStore::open);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
