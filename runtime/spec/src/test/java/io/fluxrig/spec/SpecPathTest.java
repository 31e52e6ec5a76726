package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpecPathTest {
    @TempDir
    Path folder;

    private static List<String> vectors(String kind) throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(Path.of("src/test/resources/vectors/attack-inputs/spec_paths.json")
                        .toFile());
        return StreamSupport.stream(all.get(kind).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    static List<String> accepted() throws IOException {
        return vectors("accept");
    }

    static List<String> rejected() throws IOException {
        return vectors("reject");
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void aFileBesideTheSpecIsItsBase(String path) throws IOException {
        assertThat(SpecPath.isPath(path)).isTrue();
        Path base = folder.resolve(path);
        Files.createDirectories(base.getParent());
        Files.copy(Path.of("src/test/resources/vectors/iso8583-moov/specs/spec87ascii.examples.yaml"), base);
        assertThat(loadWithSource(path).findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void anyOtherPathIsRefusedBeforeTheFileSystemIsAsked(String path) throws IOException {
        assertThat(SpecPath.isPath(path)).isFalse();
        Specs.Loaded loaded = loadWithSource(path);
        assertThat(loaded.spec()).isEmpty();
        // A word about the name, not about a file: nothing was looked for. YAML itself refuses the one with a NUL.
        assertThat(loaded.findings().getFirst().code())
                .isEqualTo(path.indexOf('\0') < 0 ? SpecError.BASE : SpecError.YAML);
        assertThat(loaded.findings().getFirst().what())
                .containsAnyOf("is neither a known base nor a file beside the spec", "the file is not YAML");
    }

    @Test
    void aSymbolicLinkDoesNotLeadOutOfTheFolder() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path outside = folder.resolve("outside.yaml");
        Files.copy(Path.of("src/test/resources/vectors/iso8583-moov/specs/spec87ascii.examples.yaml"), outside);
        Files.createSymbolicLink(inside.resolve("base.yaml"), outside);
        Files.createSymbolicLink(inside.resolve("dir"), folder);
        for (String source : List.of("base.yaml", "dir/outside.yaml")) {
            Path spec = inside.resolve("spec.yaml");
            Files.writeString(spec, "spec: {id: x, version: 1.0.0, wire: {source: " + source + "}}\n");
            assertThat(Specs.load(spec).findings())
                    .extracting(Finding::what)
                    .first()
                    .isEqualTo("'" + source + "' lies outside the spec's folder");
        }
    }

    private Specs.Loaded loadWithSource(String path) throws IOException {
        Path spec = folder.resolve("spec.yaml");
        String quoted = path.replace("\\", "\\\\");
        Files.writeString(spec, "spec: {id: x, version: 1.0.0, wire: {source: \"" + quoted + "\"}}\n");
        return Specs.load(spec);
    }
}
