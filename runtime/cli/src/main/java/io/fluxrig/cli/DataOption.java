package io.fluxrig.cli;

import io.fluxrig.scenario.DataDir;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which data directory is meant. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory (default: $FLUXRIG_DATA, then ./fluxrig-data)")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--site",
            paramLabel = "SITE",
            description = "the site's name, when the directory is made (default: local)")
    private Optional<String> site = Optional.empty();

    Path path() {
        return data.orElseGet(DataDir::defaultPath);
    }

    DataDir open() {
        return DataDir.openOrCreate(path(), site);
    }
}
