package io.fluxrig.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of other projects, each with its origin and licence beside it. */
final class Vectors {
    private static final Path ALL = Path.of("src/test/resources/vectors");

    private Vectors() {}

    static Path file(String name) {
        return ALL.resolve(name);
    }

    static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(file(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> items(String name) {
        List<JsonNode> items = new ArrayList<>();
        json(name).get("items").forEach(items::add);
        return items;
    }

    /** A spec of this text, which must have no findings. */
    static Spec spec(Path folder, String text) {
        try {
            Path file = Files.createTempFile(folder, "spec", ".yaml");
            Specs.Loaded loaded = Specs.load(Files.writeString(file, text));
            if (!loaded.findings().isEmpty()) {
                throw new AssertionError(
                        loaded.findings().stream().map(Finding::text).toList());
            }
            return loaded.orThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
