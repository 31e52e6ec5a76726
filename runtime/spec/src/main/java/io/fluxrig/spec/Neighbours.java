package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the names in a spec lead to: files beside it, filed blobs, what is built in. */
interface Neighbours {
    String HASH = "sha256:";

    /** What a name led to. */
    sealed interface Found {
        /**
         * @param name the same for the same content, so that circles are seen
         * @param around what names in this content lead to
         */
        record Here(String name, byte[] bytes, Neighbours around) implements Found {}

        record Nowhere(String why) implements Found {}
    }

    Found find(String reference);

    /** Beside a file, in the store where there is one, or built in. */
    static Neighbours beside(Path file, Optional<BlobStore> store) {
        return reference -> {
            if (BuiltIn.has(reference)) {
                return new Found.Here(reference, BuiltIn.bytes(reference), builtIn());
            }
            Optional<Found> exported = exported(file, reference, store);
            if (exported.isPresent()) {
                return exported.get();
            }
            if (reference.indexOf(':') >= 0) {
                return store.map(s -> stored(s, reference))
                        .orElse(new Found.Nowhere(
                                "'" + reference + "' is neither a known base nor a file beside the spec"));
            }
            return inFolder(file, reference, store);
        };
    }

    /** What {@code spec export} wrote beside the file under its hash. */
    private static Optional<Found> exported(Path file, String reference, Optional<BlobStore> store) {
        if (!isHash(reference)) {
            return Optional.empty();
        }
        String hex = reference.substring(HASH.length());
        return inFolder(file, Specs.exportedName(Bytes.ofHex(hex)), store) instanceof Found.Here here
                        && Bytes.wrap(Hashes.sha256(here.bytes())).hex().equals(hex)
                ? Optional.of(here)
                : Optional.empty();
    }

    private static Found inFolder(Path file, String reference, Optional<BlobStore> store) {
        if (!SpecPath.isPath(reference)) {
            return new Found.Nowhere("'" + reference + "' is neither a known base nor a file beside the spec");
        }
        try {
            Optional<Path> real = SpecPath.below(file.toAbsolutePath().getParent(), reference);
            return real.isPresent()
                    ? new Found.Here(real.get().toString(), bounded(real.get()), beside(real.get(), store))
                    : new Found.Nowhere("'" + reference + "' lies outside the spec's folder");
        } catch (IOException e) {
            return new Found.Nowhere("'" + reference + "' cannot be read");
        }
    }

    private static Found stored(BlobStore store, String reference) {
        try {
            return store.resolve(reference)
                    .<Found>map(hash -> new Found.Here(HASH + hash.hex(), store.get(hash), filed(store)))
                    .orElse(new Found.Nowhere("'" + reference + "' is not in the store"));
        } catch (FluxException unusable) {
            return new Found.Nowhere("'" + reference + "' cannot be used: " + unusable.getMessage());
        }
    }

    /** Of filed content, which names everything by hash. */
    static Neighbours filed(BlobStore store) {
        return reference -> isHash(reference)
                ? new Found.Here(reference, store.get(Bytes.ofHex(reference.substring(HASH.length()))), filed(store))
                : new Found.Nowhere("a filed spec names its base by hash");
    }

    static Neighbours builtIn() {
        return reference -> BuiltIn.has(reference)
                ? new Found.Here(reference, BuiltIn.bytes(reference), builtIn())
                : new Found.Nowhere("'" + reference + "' is not built in");
    }

    static boolean isHash(String reference) {
        return reference.matches(HASH + "[0-9a-f]{64}");
    }

    /** One byte more than a YAML file may have is enough to refuse it. */
    static byte[] bounded(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(YamlFile.MAX_BYTES + 1);
        }
    }
}
