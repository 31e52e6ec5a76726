package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of attacks names every row that is due for scenarios and the cluster, and only tests that are there. */
class AttacksPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (A\\d\\d) \\|.*$");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    private static final Stream<Integer> DUE =
            Stream.concat(IntStream.rangeClosed(1, 14).boxed(), Stream.of(23, 24, 25, 26, 27, 28, 29, 37));

    @Test
    void everyRowNamesTestsThatAreThere() throws IOException {
        String page = Files.readString(Program.HOME.resolve("docs/attacks.md"));
        List<MatchResult> rows = ROW.matcher(page).results().toList();
        assertThat(rows.stream().map(r -> r.group(1)))
                .containsExactlyElementsOf(
                        DUE.map(number -> String.format("A%02d", number)).toList());
        Map<String, String> sources = sources();
        for (MatchResult row : rows) {
            List<MatchResult> tests = TEST.matcher(row.group()).results().toList();
            assertThat(tests).as(row.group(1)).isNotEmpty();
            for (MatchResult test : tests) {
                assertThat(sources).as(row.group(1)).containsKey(test.group(1));
                assertThat(sources.get(test.group(1)))
                        .as(row.group(1) + " " + test.group())
                        .contains("void " + test.group(2) + "(");
            }
        }
    }

    private static Map<String, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Program.HOME)) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            AttacksPageTest::text,
                            (one, two) -> one + two));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
