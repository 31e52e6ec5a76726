package io.fluxrig.cli;

import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecError;
import io.fluxrig.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the spec that an argument names: a file, a reference in the store, or one that comes with the program. */
final class SpecSources {
    private SpecSources() {}

    /** The store where there is one: reading makes no directory. */
    private static Optional<BlobStore> store(DataOption data) {
        return Optional.of(data.path()).filter(Files::isDirectory).map(BlobStore::open);
    }

    static Spec open(String argument, DataOption data) {
        Path file = Path.of(argument);
        if (Files.isRegularFile(file)) {
            return Specs.load(file, store(data)).orThrow();
        }
        if (Specs.shipped().contains(argument)) {
            return Specs.loadShipped(argument).orThrow();
        }
        if (argument.indexOf(':') < 0) {
            throw new FluxException(SpecError.MISSING, "there is no file '" + argument + "'");
        }
        BlobStore store = store(data).orElseThrow(() -> missing(argument));
        return Specs.open(store, store.resolve(argument).orElseThrow(() -> missing(argument)));
    }

    private static FluxException missing(String argument) {
        return new FluxException(SpecError.NO_BLOB, "'" + argument + "' is not in the store");
    }
}
