package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small specs and messages for tests of meaning and rules. */
final class Sdl {
    /** Messages 0100/0110, 0200/0210 and 0400, on moov's elements; more follows at the level of {@code fields}. */
    static final String START = """
            spec:
              id: x
              version: 1.0.0
              wire: { source: moov:spec87ascii }
              messages:
                catalog:
                  "0100": { name: Authorization, flow: request, pairs_with: "0110" }
                  "0110": { name: Authorization response, flow: response, pairs_with: "0100" }
                  "0200": { name: Purchase, flow: request, pairs_with: "0210" }
                  "0210": { name: Purchase response, flow: response, pairs_with: "0200" }
                  "0400": { name: Reversal, flow: request }
            """;

    private Sdl() {}

    static Specs.Loaded load(Path folder, String text) {
        try {
            return Specs.load(Files.writeString(folder.resolve("spec.yaml"), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Spec spec(Path folder, String rest) {
        return load(folder, START + rest.indent(2)).orThrow();
    }

    /** {@code line:column text} of every finding. */
    static List<String> findings(Path folder, String text) {
        return load(folder, text).findings().stream()
                .map(f -> f.line() + ":" + f.column() + (f.warning() ? " warning " : " ")
                        + f.code().code().substring(4) + " " + f.what())
                .toList();
    }

    /** A message from {@code "0", "0200", "4", "000000001000", ...}. */
    static FluxMap message(String... pairs) {
        FluxMap.Builder data = FluxMap.builder();
        for (int i = 0; i < pairs.length; i += 2) {
            data.put(pairs[i], pairs[i + 1]);
        }
        return data.build();
    }

    /** {@code path rule} of every violation. */
    static List<String> broken(List<Violation> violations) {
        return violations.stream()
                .map(v -> v.element() + " " + v.rule().word() + (v.severity() == Severity.WARN ? " (warn)" : ""))
                .toList();
    }
}
