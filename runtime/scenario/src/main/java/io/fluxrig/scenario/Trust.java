package io.fluxrig.scenario;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys that somebody pinned on this machine, by what they may sign. A key for one role never serves another.
 *
 * @param root sign passports
 * @param scenario sign scenarios
 */
public record Trust(List<VerifyKey> root, List<VerifyKey> scenario) {
    public Trust {
        root = List.copyOf(root);
        scenario = List.copyOf(scenario);
    }

    public static Trust none() {
        return new Trust(List.of(), List.of());
    }

    /** Reads {@code root/*.pem} and {@code scenario/*.pem}; a role without a directory has no keys. */
    public static Trust load(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new FluxException(ScenarioError.TRUST, directory + " is not a directory");
        }
        return new Trust(keys(directory.resolve("root")), keys(directory.resolve("scenario")));
    }

    private static List<VerifyKey> keys(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".pem"))
                    .sorted()
                    .map(VerifyKey::readPem)
                    .toList();
        } catch (IOException e) {
            throw new FluxException(ScenarioError.TRUST, directory + " cannot be read", e);
        }
    }

    /** These keys and those. */
    public Trust and(Trust more) {
        return new Trust(join(root, more.root), join(scenario, more.scenario));
    }

    private static List<VerifyKey> join(List<VerifyKey> a, List<VerifyKey> b) {
        List<VerifyKey> all = new ArrayList<>(a);
        b.stream().filter(key -> !all.contains(key)).forEach(all::add);
        return all;
    }
}
