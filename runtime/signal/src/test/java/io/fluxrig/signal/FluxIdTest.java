package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FluxIdTest {
    @Test
    void followsTheLayoutVectors() {
        int made = 0;
        for (JsonNode item : Vectors.json("sonyflake/layout_vectors.json").get("items")) {
            long id = Long.parseLong(item.get("id").asText());
            assertThat(String.format("%016x", id)).isEqualTo(item.get("hex").asText());
            assertThat(FluxId.units(id)).isEqualTo(item.get("t10ms").asLong());
            assertThat(FluxId.sequence(id)).isEqualTo(item.get("seq").asInt());
            assertThat(FluxId.machine(id)).isEqualTo(item.get("machine").asInt());
            if (item.get("machine").asInt() != 0) {
                assertThat(FluxId.of(
                                item.get("t10ms").asLong(),
                                item.get("seq").asInt(),
                                item.get("machine").asInt()))
                        .isEqualTo(id);
                assertThat(FluxId.parse(FluxId.text(id))).isEqualTo(id);
                assertThat(FluxId.parse(FluxId.text(id).toLowerCase())).isEqualTo(id);
                made++;
            } else {
                assertThatThrownBy(() -> FluxId.parse(FluxId.text(id))).isInstanceOf(FluxException.class);
            }
        }
        assertThat(made).isEqualTo(7);
    }

    @Test
    void countsFromTheFirstInstantOf2026() {
        assertThat(FluxId.EPOCH_MILLIS)
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        assertThat(FluxId.time(FluxId.of(123, 0, 1))).isEqualTo(Instant.parse("2026-01-01T00:00:01.230Z"));
        assertThat(FluxId.time(Long.MAX_VALUE)).isAfter(Instant.parse("2200-01-01T00:00:00Z"));
    }

    @Test
    void textOrderIsIdOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long a = random.nextLong() >>> random.nextInt(1, 40) | 1;
            long b = random.nextLong() >>> random.nextInt(1, 40) | 1;
            assertThat(FluxId.text(a)).hasSize(13);
            assertThat(Integer.signum(FluxId.text(a).compareTo(FluxId.text(b))))
                    .as("seed %d", seed)
                    .isEqualTo(Long.compare(a, b));
        }
    }

    @Test
    void thirteenDigitsAreTextAndOthersAreDecimal() {
        assertThat(FluxId.parse("0000000000001")).isEqualTo(1);
        assertThat(FluxId.parse("1")).isEqualTo(1);
        assertThat(FluxId.parse("33554431")).isEqualTo(33_554_431);
        assertThat(FluxId.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "+1",
                "16777216",
                "9223372036854775808",
                "99999999999999999999",
                "8000000000001",
                "000000000000I",
                "000000000000L",
                "000000000000O",
                "000000000000U",
                "000000000000é",
                "0000000000000",
                "00000000000001x",
                "1 ",
                "٣"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> FluxId.parse(text))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.ID));
    }

    @Test
    void refusesPartsOutOfRange() {
        assertThatThrownBy(() -> FluxId.of(1L << 39, 0, 1)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxId.of(-1, 0, 1)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxId.of(0, 256, 1)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxId.of(0, 0, 0)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxId.of(0, 0, 65_536)).isInstanceOf(FluxException.class);
    }
}
