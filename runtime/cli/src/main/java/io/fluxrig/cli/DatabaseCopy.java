package io.fluxrig.cli;

import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.MovableRacks;
import io.fluxrig.node.Postgres;
import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A movable Rack as its database holds it, laid out as a data directory for the time of one command. */
final class DatabaseCopy implements Closeable {
    private final TemporaryDirectory directory;
    private final Thread whenStopped;

    private DatabaseCopy(TemporaryDirectory directory) {
        this.directory = directory;
        this.whenStopped = new Thread(this::remove);
    }

    /**
     * @param rack which one, where the database holds several
     * @throws FluxException NO_DATABASE where that is no URL of one, RACK_CHOICE where it is not clear which
     */
    static DatabaseCopy of(String url, Optional<String> rack, PrintWriter err) {
        if (!Setting.JDBC_URL.form().fits(url)) {
            throw new FluxException(
                    CliError.NO_DATABASE,
                    "write it like " + Setting.JDBC_URL.form().example());
        }
        Environment environment = Environment.ofProcess();
        MovableRacks racks = MovableRacks.in(new Postgres(url, environment.get(Setting.JDBC_PASSWORD_FILE)));
        String name = rack.orElseGet(() -> theOnlyOne(racks.names()));
        Optional<String> secret =
                Optional.of(environment.get(Setting.RACK_SECRET_FILE)).filter(file -> !file.isEmpty());
        try {
            DatabaseCopy copy = new DatabaseCopy(TemporaryDirectory.make());
            Runtime.getRuntime().addShutdownHook(copy.whenStopped);
            try {
                racks.copy(name, copy.path(), secret, Progress.of(err, "bytes brought from the database"));
                return copy;
            } catch (FluxException refused) {
                copy.close();
                throw refused;
            }
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, "a temporary directory: " + e.getMessage(), e);
        }
    }

    private static String theOnlyOne(List<String> names) {
        if (names.size() != 1) {
            throw new FluxException(
                    CliError.RACK_CHOICE,
                    names.isEmpty() ? "it holds none" : "it holds several: " + String.join(", ", names));
        }
        return names.getFirst();
    }

    Path path() {
        return directory.path();
    }

    private void remove() {
        try {
            directory.close();
        } catch (IOException left) {
            // what the process is still writing stays behind, in the system's directory for that
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
        directory.close();
    }
}
