package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A25: archives that lead elsewhere, hold links or twins, or unpack to far more than they are, where this program reads archives: evidence and jars of gears. */
class ArchivesTest {
    private static final Path HOSTILE =
            Program.HOME.resolve("runtime/cli/src/test/resources/vectors/attack-inputs/zip");
    private static final Set<String> ONLY_MANY = Set.of("many-entries-2000.zip");

    @TempDir
    private Path folder;

    private static List<Path> hostile() throws IOException {
        try (Stream<Path> files = Files.list(HOSTILE)) {
            List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(8);
            return all;
        }
    }

    private Set<Path> everything() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new TreeSet<>(files.toList());
        }
    }

    private DemoTest.Ran lintWith(Path jars) {
        return DemoTest.fluxrig(
                "scenario",
                "lint",
                Program.HOME.resolve("examples/payment-switch/scenario.yaml").toString(),
                "--gears",
                jars.toString());
    }

    @Test
    void noneIsTakenForEvidence() throws IOException {
        for (Path zip : hostile()) {
            for (String command : List.of("open", "verify", "replay")) {
                DemoTest.Ran ran = DemoTest.fluxrig("audit", command, zip.toString());
                assertThat(ran.exit()).as(command + " " + zip + ran.out()).isEqualTo(3);
                assertThat(ran.err()).as(zip.toString()).contains("FLX-5113");
            }
        }
    }

    @Test
    void noneIsTakenForAJarOfGears() throws IOException {
        for (Path zip : hostile()) {
            Path jars = Files.createDirectory(folder.resolve(zip.getFileName().toString()));
            Files.copy(zip, jars.resolve("gear.jar"));
            Set<Path> before = everything();
            DemoTest.Ran ran = lintWith(jars);
            if (ONLY_MANY.contains(zip.getFileName().toString())) {
                assertThat(ran.exit()).as("many small files are no harm here").isZero();
            } else {
                assertThat(ran.exit()).as(zip.toString()).isEqualTo(3);
                assertThat(ran.err()).as(zip.toString()).contains("FLX-4042", "'gear.jar'");
            }
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Test
    void aJarHasABoundAndIsWhole() throws IOException {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i <= 20_000; i++) {
                zip.putNextEntry(new ZipEntry("f" + i));
            }
        }
        Path jar = Files.write(jars.resolve("many.jar"), bytes.toByteArray());
        assertThat(lintWith(jars).err()).contains("FLX-4042", "more than 20000 entries");
        for (int length : new int[] {0, 3, 21, 1000}) {
            Files.write(jar, java.util.Arrays.copyOf(bytes.toByteArray(), length));
            assertThat(lintWith(jars).err()).contains("FLX-4042");
        }
    }
}
