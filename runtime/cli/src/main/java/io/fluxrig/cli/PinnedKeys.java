package io.fluxrig.cli;

import io.fluxrig.audit.Pinned;
import io.fluxrig.audit.WitnessKeys;
import io.fluxrig.scenario.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that an audit command trusts. */
final class PinnedKeys {
    private PinnedKeys() {}

    /** Those in a directory that was named; nothing is trusted where none was. */
    static Pinned in(Optional<Path> named) {
        return named.map(PinnedKeys::load).orElseGet(() -> new Pinned(List.of(), List.of(), Map.of()));
    }

    /** Those in a directory that was named, otherwise in the one of the data directory, if it is there. */
    static Pinned in(Optional<Path> named, Path data) {
        return in(named.or(() -> Optional.of(data.resolve("trust")).filter(Files::isDirectory)));
    }

    private static Pinned load(Path directory) {
        Trust trust = Trust.load(directory);
        return new Pinned(trust.root(), trust.scenario(), WitnessKeys.in(directory));
    }
}
