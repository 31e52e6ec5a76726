package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec.Decoded;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedSpecsTest {
    private static final List<String> SAD =
            List.of("35", "36", "45", "52", "55.56", "55.57", "55.99", "55.9F1F", "55.9F20", "55.9F6B");
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);

    static List<String> all() {
        return Specs.shipped();
    }

    static List<String> payments() {
        return all().stream().filter(name -> name.contains("iso8583")).toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsFoundWrong(String reference) {
        assertThat(Specs.loadShipped(reference).findings()).isEmpty();
        assertThat(Specs.loadShipped(reference).orThrow().name()).isEqualTo(reference.substring("fluxrig:".length()));
    }

    @ParameterizedTest
    @MethodSource("payments")
    void whatMustNeverBeStoredIsClassified(String reference) {
        Spec spec = Specs.loadShipped(reference).orThrow();
        assertThat(SAD)
                .allSatisfy(
                        path -> assertThat(spec.sensitivityOf(path)).as(path).isEqualTo(Sensitivity.SAD));
        assertThat(Unclassified.of(spec)).isEmpty();
        assertThat(spec.sensitivityOf("2")).isEqualTo(Sensitivity.PAN);
        assertThat(spec.sensitivityOf("55.5A")).isEqualTo(Sensitivity.PAN);
    }

    static FluxMap message(Spec spec) {
        if (spec.name().equals("telemetry-record")) {
            return FluxMap.builder()
                    .put("0", "RD")
                    .put("1", "00004711")
                    .put("2", "000001")
                    .put("3", "20261126010203")
                    .put("4", "003215")
                    .put("5", "00012000")
                    .put("6", Bytes.ofHex("0001"))
                    .put(
                            "7",
                            Value.of(List.of(
                                    valve("01", "100"), valve("02", "050"), valve("03", "000"), valve("04", "000"))))
                    .put("8", "B-77      ")
                    .put("9", Bytes.ofHex("beef"))
                    .build();
        }
        boolean later = spec.name().contains("1993");
        FluxMap.Builder data = FluxMap.builder()
                .put("0", later ? "1200" : "0200")
                .put("2", "5413330089020011")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1126010203")
                .put("11", "000042")
                .put("12", later ? "261126010203" : "010203")
                .put("14", "2912")
                .put("35", "5413330089020011=29122010000012345")
                .put("41", "TERM0001")
                .put("42", "MERCHANT0000001")
                .put("49", "978")
                .put("52", Bytes.ofHex("0123456789abcdef"));
        if (!later) {
            data.put("22", "051").put("25", "00").put("13", "1126").put("70", "001");
        }
        FluxMap chip = FluxMap.builder()
                .put("57", Bytes.ofHex("5413330089020011d29122010000012345"))
                .put("5A", Bytes.ofHex("5413330089020011"))
                .put("82", Bytes.ofHex("5800"))
                .put("9F26", Bytes.ofHex("0123456789abcdef"))
                .put("9F36", Bytes.ofHex("0001"))
                .put("9F37", Bytes.ofHex("deadbeef"))
                .build();
        return data.put("55", chip).build();
    }

    private static FluxMap valve(String number, String percent) {
        return FluxMap.builder().put("1", number).put("2", percent).build();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMessageComesOutAsItWentInAndKeepsItsRules(String reference) {
        Spec spec = Specs.loadShipped(reference).orThrow();
        FluxMap data = message(spec);
        byte[] wire = spec.codec().encode(data);
        assertThat(spec.codec().decode(wire, 0, wire.length)).isEqualTo(new Decoded.Ok(data));
        assertThat(spec.validator().check(data)).noneMatch(v -> v.severity() == Severity.REJECT);
        assertThat(spec.explain(wire).stop()).isEmpty();
        assertThat(spec.explain(wire).rows().toString()).doesNotContain("5413330089020011", "0123456789abcdef=");
    }

    /** FAULTS A21 and A22: one, or some, bytes of a good message changed, cut or added. */
    @ParameterizedTest
    @MethodSource("all")
    void hostileBytesAreReadOrToldAndNothingElse(String reference) {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Spec spec = Specs.loadShipped(reference).orThrow();
        byte[] good = spec.codec().encode(message(spec));
        for (int i = 0; i < INPUTS; i++) {
            byte[] wire =
                    java.util.Arrays.copyOf(good, good.length + (random.nextInt(8) == 0 ? random.nextInt(-20, 20) : 0));
            for (int changes = random.nextInt(4); changes >= 0 && wire.length > 0; changes--) {
                wire[random.nextInt(wire.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + random.nextInt(10));
            }
            switch (spec.codec().decode(wire, 0, wire.length)) {
                case Decoded.Ok ok ->
                    assertThat(spec.codec().encode(ok.data()))
                            .as("seed %d, input %d", seed, i)
                            .isEqualTo(wire);
                case Decoded.Unreadable stop ->
                    assertThat(stop.offset()).as("seed %d, input %d", seed, i).isBetween(0, wire.length);
            }
        }
    }

    @Test
    void loadingTakesMilliseconds() {
        Specs.loadShipped("fluxrig:iso8583-1987-emv").orThrow();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = System.nanoTime();
            Specs.loadShipped("fluxrig:iso8583-1987-emv").orThrow();
            best = Math.min(best, System.nanoTime() - before);
        }
        // The goal of 50 ms is measured in the benchmarks; here is only what no machine excuses.
        assertThat(best).isLessThan(1_000_000_000L);
    }
}
