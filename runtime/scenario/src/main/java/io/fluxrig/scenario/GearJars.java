package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Gears that come in jars of their own, each with its own class loader over the SDK's. What is hashed is what is loaded: the bytes are read once and
 * loaded from a private copy.
 */
public final class GearJars {
    private final List<GearType<?>> types;
    private final Map<String, Scenario.CodePin> pins;

    private GearJars(List<GearType<?>> types, Map<String, Scenario.CodePin> pins) {
        this.types = types;
        this.pins = pins;
    }

    public static GearJars none() {
        return new GearJars(List.of(), Map.of());
    }

    /** Every {@code *.jar} of a directory. */
    public static GearJars load(Path directory) {
        List<GearType<?>> types = new ArrayList<>();
        Map<String, Scenario.CodePin> pins = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            Path copies = Files.createTempDirectory("fluxrig-gears");
            copies.toFile().deleteOnExit(); // what is registered last goes first: the copies, then their directory
            for (Path jar :
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
                byte[] bytes = Files.readAllBytes(jar);
                JarForm.check(jar.getFileName().toString(), bytes);
                Path copy = copies.resolve(jar.getFileName().toString());
                Files.write(copy, bytes);
                copy.toFile().deleteOnExit();
                Scenario.CodePin pin = new Scenario.CodePin(version(copy), Bytes.wrap(Hashes.sha256(bytes)));
                for (GearType<?> type : typesOf(copy)) {
                    types.add(type);
                    if (pins.putIfAbsent(type.name(), pin) != null) {
                        throw new FluxException(
                                ScenarioError.GEARS_DIR, "two jars hold gear type '" + type.name() + "'");
                    }
                }
            }
        } catch (IOException e) {
            throw new FluxException(ScenarioError.GEARS_DIR, directory + " cannot be read", e);
        }
        return new GearJars(List.copyOf(types), Map.copyOf(pins));
    }

    private static String version(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String version =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
            return version == null ? "0.0.0" : version;
        }
    }

    private static List<GearType<?>> typesOf(Path jar) throws MalformedURLException {
        ClassLoader sdk = GearType.class.getClassLoader();
        URLClassLoader own = new URLClassLoader(new URL[] {jar.toUri().toURL()}, sdk);
        return GearTypes.load(own).all().stream()
                .filter(t -> t.getClass().getClassLoader() == own)
                .<GearType<?>>map(t -> t)
                .toList();
    }

    public List<GearType<?>> types() {
        return types;
    }

    /** Version and hash of the jar behind each type. */
    public Map<String, Scenario.CodePin> pins() {
        return pins;
    }
}
