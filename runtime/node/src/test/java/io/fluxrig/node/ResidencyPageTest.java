package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/residency.md} tells what the list lets out; {@code -Dresidency.write=true} writes its table. */
class ResidencyPageTest {
    private static final Path PAGE = Path.of("../../docs/residency.md");
    private static final String BEGIN = "<!-- generated: begin -->\n";
    private static final String END = "<!-- generated: end -->\n";

    @Test
    void thePageHoldsTheTableOfTheList() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        assertThat(from).isGreaterThan(BEGIN.length());
        if (Boolean.getBoolean("residency.write")) {
            Files.writeString(PAGE, page.substring(0, from) + Outgoing.table() + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to)).isEqualTo(Outgoing.table());
    }
}
