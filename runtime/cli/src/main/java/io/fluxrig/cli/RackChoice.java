package io.fluxrig.cli;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose log an audit command reads. Takes no lock and creates nothing that stays. */
final class RackChoice implements Closeable {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory (default: $FLUXRIG_DATA, then ./fluxrig-data)")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--jdbc",
            paramLabel = "URL",
            description = {
                "instead of a data directory: the PostgreSQL that holds a movable Rack, such as jdbc:postgresql://db.example:5432/fluxrig?user=auditor.",
                "The password's file is named by $FLUXRIG_JDBC_PASSWORD_FILE, the secret's that opens its keys by $FLUXRIG_RACK_SECRET_FILE"
            })
    private Optional<String> jdbc = Optional.empty();

    @Option(names = "--rack", paramLabel = "NAME", description = "which Rack, where the directory holds several")
    private Optional<String> rack = Optional.empty();

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "an earlier generation of its log, kept when a new one was begun")
    private long generation;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private DatabaseCopy copy;

    Path data() {
        if (jdbc.isPresent()) {
            return copied(jdbc.get()).path();
        }
        return data.orElseGet(
                () -> Path.of(Optional.ofNullable(System.getenv("FLUXRIG_DATA")).orElse("fluxrig-data")));
    }

    private DatabaseCopy copied(String url) {
        if (copy == null) {
            if (data.isPresent()) {
                throw new ParameterException(spec.commandLine(), "--data and --jdbc exclude each other");
            }
            copy = DatabaseCopy.of(url, rack, spec.commandLine().getErr());
        }
        return copy;
    }

    /** Whether the log lies in a database. */
    boolean isRemote() {
        return jdbc.isPresent();
    }

    /** Removes what was copied from a database. */
    @Override
    public void close() throws IOException {
        if (copy != null) {
            copy.close();
        }
    }

    /** As it was named; empty where it was not. */
    Optional<String> named() {
        return rack;
    }

    RackFiles files() {
        List<String> names = names();
        if (rack.isPresent()) {
            if (!names.contains(rack.get())) {
                throw new FluxException(
                        VaultError.NOT_A_VAULT,
                        "there is no Rack '" + rack.get() + "' here, but: " + String.join(", ", names));
            }
            return ofGeneration(rack.get());
        }
        return switch (names.size()) {
            case 1 -> ofGeneration(names.getFirst());
            case 0 -> throw new FluxException(VaultError.NOT_A_VAULT, data() + " holds no Rack");
            default ->
                throw new FluxException(
                        VaultError.NOT_A_VAULT,
                        data() + " holds several Racks, name one with --rack: " + String.join(", ", names));
        };
    }

    private RackFiles ofGeneration(String name) {
        RackFiles files = new RackFiles(data(), name, generation);
        if (!Files.isDirectory(files.wal())) {
            throw new FluxException(
                    VaultError.NOT_A_VAULT, "'" + name + "' has no generation " + generation + " beside its log");
        }
        return files;
    }

    private List<String> names() {
        Path racks = data().resolve("racks");
        if (!Files.isDirectory(racks)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(racks)) {
            return all.filter(r -> Files.isDirectory(r.resolve("wal")))
                    .map(r -> r.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    VaultReader reader() {
        return VaultReader.at(files().wal());
    }

    DataKeys keys() {
        RackFiles files = files();
        return DataKeys.readOnly(files.dataKeys(), files.data().resolve("keys").resolve(files.rack() + ".kek"));
    }
}
