package io.fluxrig.audit;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.VaultError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The witnesses that somebody pinned: {@code trust/witness/<name>.pem}, where the name is the one that the witness signs under. */
public final class WitnessKeys {
    private WitnessKeys() {}

    /** @param trust the directory with one directory for each role; without one for witnesses there are none */
    public static Map<String, VerifyKey> in(Path trust) {
        Path directory = trust.resolve("witness");
        Map<String, VerifyKey> keys = new TreeMap<>();
        for (Path file : pemFiles(directory)) {
            keys.put(nameOf(file), VerifyKey.readPem(file));
        }
        return keys;
    }

    static List<Path> pemFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".pem")).sorted().toList();
        } catch (IOException e) {
            throw new FluxException(VaultError.PASSPORT, directory + " cannot be read", e);
        }
    }

    /** {@code auditor.example.pem} and {@code auditor.example.pub.pem} both name {@code auditor.example}. */
    public static String nameOf(Path pem) {
        return pem.getFileName().toString().replaceFirst("(\\.pub)?\\.pem$", "");
    }
}
