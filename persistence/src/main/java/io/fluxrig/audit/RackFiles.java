package io.fluxrig.audit;

import java.nio.file.Path;

/** Where an auditor finds what belongs to one Rack (FORMATS section 9). Nothing is created. */
public record RackFiles(Path data, String rack) {
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
        return data.resolve("racks").resolve(rack);
    }
}
