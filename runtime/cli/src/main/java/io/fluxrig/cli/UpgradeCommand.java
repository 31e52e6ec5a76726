package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.VaultError;
import io.fluxrig.wal.WalUpgrade;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig upgrade ...}. */
@Command(
        name = "upgrade",
        description = "Ends a rollout: logs go on in the newest format, which the version before cannot read.",
        footer = {"", "Example: fluxrig upgrade status --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class UpgradeCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "status",
            description = "Tells the format of each log and the newest that this version writes.",
            footer = {"", "Example: fluxrig upgrade status --data ./fluxrig-data --json"},
            mixinStandardHelpOptions = true)
    int status(
            @Option(names = "--data", paramLabel = "DIR", description = "data directory") Optional<Path> data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return tell(data, json, WalUpgrade::formatOf);
    }

    @Command(
            name = "finalize",
            description = "Raises each log to the newest format. The node must be stopped; there is no way back.",
            footer = {"", "Example: fluxrig upgrade finalize --data ./fluxrig-data"},
            mixinStandardHelpOptions = true)
    int finalizeFormat(
            @Option(names = "--data", paramLabel = "DIR", description = "data directory") Optional<Path> data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return tell(data, json, WalUpgrade::finalizeFormat);
    }

    private int tell(Optional<Path> data, boolean json, ToIntFunction<Path> formatOf) {
        Path root = data.orElseGet(
                () -> Path.of(Optional.ofNullable(System.getenv("FLUXRIG_DATA")).orElse("fluxrig-data")));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("newest", WalUpgrade.newest());
        ArrayNode logs = document.putArray("logs");
        PrintWriter out = spec.commandLine().getOut();
        for (Path log : logs(root)) {
            int format = formatOf.applyAsInt(log);
            String name = root.relativize(log).toString();
            logs.addObject().put("log", name).put("format", format);
            if (!json) {
                String state = format == WalUpgrade.newest() ? "the newest" : "also read by the version before";
                out.printf("%s: format %d, %s%n", name, format, state);
            }
        }
        if (json) {
            out.println(document);
        }
        out.flush();
        return 0;
    }

    private static List<Path> logs(Path root) {
        List<Path> found = new ArrayList<>();
        Path mixer = root.resolve("mixer").resolve("wal");
        if (Files.isDirectory(mixer)) {
            found.add(mixer);
        }
        Path racks = root.resolve("racks");
        if (Files.isDirectory(racks)) {
            try (Stream<Path> all = Files.list(racks)) {
                all.map(rack -> rack.resolve("wal"))
                        .filter(Files::isDirectory)
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (found.isEmpty()) {
            throw new FluxException(VaultError.NOT_A_VAULT, root + " holds no log");
        }
        return found;
    }
}
