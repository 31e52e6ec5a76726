package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecDiff;
import io.fluxrig.spec.SpecError;
import io.fluxrig.spec.Specs;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig spec history}. */
@Command(
        name = "history",
        description = "Lists the versions of a spec, oldest first, and how much changed with each.",
        footer = {"", "Example: fluxrig spec history payments --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class SpecHistoryCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "the name under which the spec is filed")
    private String name;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Override
    public Integer call() {
        BlobStore store = data.open().blobs();
        List<BlobStore.Entry> versions =
                store.list().stream().filter(e -> e.name().equals(name)).toList();
        if (versions.isEmpty()) {
            throw new FluxException(SpecError.NO_BLOB, "no spec is called '" + name + "'");
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Spec before = null;
        for (BlobStore.Entry entry : versions) {
            Spec spec = Specs.open(store, entry.sha256());
            all.add(told(entry, store.get(entry.sha256()).length, before, spec));
            before = spec;
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("name", name)
                    .set("versions", all)
                    .toString());
        } else {
            all.forEach(version -> out.println(line(version)));
        }
        out.flush();
        return 0;
    }

    private static ObjectNode told(BlobStore.Entry entry, int size, Spec before, Spec spec) {
        ObjectNode version = JsonNodeFactory.instance
                .objectNode()
                .put("version", entry.version())
                .put("sha256", entry.sha256().hex())
                .put("size", size);
        if (before != null) {
            List<SpecDiff.Change> changes = SpecDiff.between(before, spec);
            ObjectNode counts = version.putObject("changes");
            for (SpecDiff.Area area : SpecDiff.Area.values()) {
                counts.put(
                        area.word(),
                        changes.stream().filter(c -> c.area() == area).count());
            }
        }
        return version;
    }

    private static String line(com.fasterxml.jackson.databind.JsonNode version) {
        StringBuilder line = new StringBuilder(version.get("version").asText())
                .append("  sha256:")
                .append(version.get("sha256").asText());
        if (version.has("changes")) {
            version.get("changes")
                    .properties()
                    .forEach(area -> line.append("  ")
                            .append(area.getKey())
                            .append(' ')
                            .append(area.getValue().asLong()));
        }
        return line.toString();
    }
}
