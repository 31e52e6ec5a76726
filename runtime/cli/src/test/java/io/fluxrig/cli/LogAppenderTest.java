package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogAppenderTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LogAppender appender = new LogAppender(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    private final LoggerContext context = new LoggerContext();

    private void log(long atMillis, String text, Throwable thrown) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.fluxrig.node.Rack"), Level.WARN, text, thrown, new Object[0]);
        event.setInstant(Instant.ofEpochMilli(atMillis));
        event.setKeyValuePairs(List.of(new KeyValuePair("id", "0000000000001"), new KeyValuePair("pan", "4111")));
        appender.doAppend(event);
    }

    private List<String> lines() {
        appender.start();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void anInjectedLineStaysInsideItsOwn() {
        appender.start();
        log(
                0,
                "reason: x\r\n2026-01-01 INFO Forged \u001b[2J\u0007\u202e\u2028 \u0085",
                new IllegalStateException("a\nb\u001b[0m"));
        assertThat(lines()).hasSize(3);
        assertThat(bytes.toString(StandardCharsets.UTF_8).replaceAll("\\R", ""))
                .doesNotContainPattern("\\p{Cntrl}|\u202e|\u2028");
    }

    @Test
    void writesOneJsonDocumentForEachLineWithTheFluxId() throws Exception {
        appender.setFormat("json");
        appender.start();
        log(0, "\"},{\"level\":\"INFO\"\n", null);
        JsonNode line = new ObjectMapper().readTree(lines().getFirst());
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.get("id").asText()).isEqualTo("0000000000001");
        assertThat(line.has("pan")).isFalse();
        assertThat(line.get("text").asText()).isEqualTo("\"},{\"level\":\"INFO\"\\u000a");
    }

    @Test
    void aSourceThatWritesTooMuchIsHeldBackAndCounted() {
        appender.setLinesPerSecond(3);
        appender.start();
        for (int i = 0; i < 10; i++) {
            log(i, "again", null);
        }
        log(1_500, "later", null);
        assertThat(lines()).hasSize(4);
        assertThat(lines().getLast()).endsWith("later [0000000000001] (7 lines of this source were held back)");
    }
}
