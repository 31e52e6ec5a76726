package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestTest {
    private static final List<String> WORDS = List.of("router", "correlator", "tcp-server", "tcp-client");

    @Test
    void findsTheNearestWord() {
        assertThat(Suggest.closest("rooter", WORDS)).contains("router");
        assertThat(Suggest.closest("tcpserver", WORDS)).contains("tcp-server");
        assertThat(Suggest.closest("corelater", WORDS)).contains("correlator");
    }

    @Test
    void saysNothingWhereNothingIsNear() {
        assertThat(Suggest.closest("mixer-desk", WORDS)).isEmpty();
        assertThat(Suggest.closest("x", List.of())).isEmpty();
        assertThat(Suggest.hint("mixer-desk", WORDS, "see the list")).isEqualTo("see the list");
    }

    @Test
    void aVeryLongWordIsNotCompared() {
        assertThat(Suggest.closest("r".repeat(1_000_000), WORDS)).isEmpty();
    }
}
