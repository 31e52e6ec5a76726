package io.fluxrig.cli;

import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecError;
import io.fluxrig.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the spec that an argument names: a file, or a reference in the store. */
final class SpecSources {
    private SpecSources() {}

    static Spec open(String argument, DataOption data) {
        Path file = Path.of(argument);
        if (Files.isRegularFile(file)) {
            return Specs.load(file).orThrow();
        }
        if (argument.indexOf(':') < 0) {
            throw new FluxException(SpecError.MISSING, "there is no file '" + argument + "'");
        }
        BlobStore store = data.open().blobs();
        return Specs.open(
                store,
                store.resolve(argument)
                        .orElseThrow(
                                () -> new FluxException(SpecError.NO_BLOB, "'" + argument + "' is not in the store")));
    }
}
