package io.fluxrig.replay;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.vault.VaultError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far a replay is, in a file. Where a Rack started, its gears began anew and were told their past, so a replay can begin there as well.
 *
 * @param question tells jobs apart: going on with another question is refused
 */
public record ReplayJob(Path file, String question) {
    /** Up to this leaf everything is counted. */
    record Progress(long leaf, long lastAt, long compared, long handlings, long outside, long differences) {}

    /** @throws FluxException NOT_A_VAULT where the file remembers another question */
    Optional<Progress> load() {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (FluxCbor.decode(Files.readAllBytes(file)) instanceof FluxMap map
                    && map.text("question").orElse("").equals(question)) {
                return Optional.of(new Progress(
                        map.integer("leaf", 0),
                        map.integer("lastAt", 0),
                        map.integer("compared", 0),
                        map.integer("handlings", 0),
                        map.integer("outside", 0),
                        map.integer("differences", 0)));
            }
            throw new FluxException(
                    VaultError.NOT_A_VAULT, file + " remembers another replay: name another file, or delete it");
        } catch (IOException e) {
            throw new FluxException(VaultError.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    void save(Progress progress) {
        FluxMap map = FluxMap.builder()
                .put("question", question)
                .put("leaf", progress.leaf())
                .put("lastAt", progress.lastAt())
                .put("compared", progress.compared())
                .put("handlings", progress.handlings())
                .put("outside", progress.outside())
                .put("differences", progress.differences())
                .build();
        try {
            DurableFile.write(file, FluxCbor.encode(map));
        } catch (IOException e) {
            throw new FluxException(VaultError.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    void done() {
        try {
            DurableFile.delete(file);
        } catch (IOException e) {
            throw new FluxException(VaultError.FAILED, String.valueOf(e.getMessage()), e);
        }
    }
}
