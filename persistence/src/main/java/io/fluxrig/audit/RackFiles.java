package io.fluxrig.audit;

import java.nio.file.Path;

/**
 * Where an auditor finds what belongs to one Rack (FORMATS section 9). Nothing is created.
 *
 * @param generation an earlier generation of its log, 0 for the one that is in use
 */
public record RackFiles(Path data, String rack, long generation) {
    /** The log that is in use. */
    public RackFiles(Path data, String rack) {
        this(data, rack, 0);
    }

    public Path wal() {
        return directory().resolve("wal");
    }

    public Path checkpoints() {
        return directory().resolve("checkpoints");
    }

    public Path passport() {
        return directory().resolve("passport.cose");
    }

    public Path dataKeys() {
        return directory().resolve("keys");
    }

    public Path blob(String hex) {
        return data.resolve("blobs").resolve("sha256").resolve(hex);
    }

    public Path directory() {
        Path home = data.resolve("racks").resolve(rack);
        return generation == 0 ? home : home.resolve("generation-" + generation);
    }
}
