package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FluxMsgTest {
    private static FluxMap fields(UnaryOperator<FluxMap> change) {
        FluxMap full = (FluxMap) FluxCbor.decode(Samples.fullEnvelope().encode());
        return change.apply(full);
    }

    private static void refuses(UnaryOperator<FluxMap> change, SignalError error, String part) {
        byte[] bytes = FluxCbor.encode(fields(change));
        assertThatThrownBy(() -> FluxMsg.decode(bytes)).isInstanceOfSatisfying(FluxException.class, e -> {
            assertThat(e.code()).isEqualTo(error);
            assertThat(e.what()).contains(part);
        });
    }

    @Test
    void decodesWhatItEncodes() {
        Samples.all().forEach((name, msg) -> {
            byte[] bytes = msg.encode();
            FluxMsg decoded = FluxMsg.decode(bytes);
            assertThat(decoded).as(name).isEqualTo(msg).hasSameHashCodeAs(msg);
            assertThat(decoded.encode()).as(name).isEqualTo(bytes);
            // The envelope is fluxCBOR like everything else.
            assertThat(FluxCbor.encode(FluxCbor.decode(bytes))).as(name).isEqualTo(bytes);
        });
    }

    @Test
    void refusesAKeyThatIsMissing() {
        for (String key : List.of("id", "ts", "src_id")) {
            refuses(map -> map.without(key), SignalError.ENVELOPE, "'" + key + "' is missing");
        }
    }

    @Test
    void refusesAKeyThatIsPresentWithItsDefault() {
        Map<String, Value> defaults = Map.of(
                "ref_id", Value.of(0),
                "trace", Value.of(""),
                "meta", FluxMap.EMPTY,
                "data", FluxMap.EMPTY,
                "flags", Value.of(0),
                "raw", Value.of(Bytes.EMPTY),
                "path", Value.of(List.of()));
        defaults.forEach((key, value) -> refuses(map -> map.with(key, value), SignalError.ENVELOPE, key));
    }

    @Test
    void refusesAKeyOfAnotherTypeOrRange() {
        Map<String, List<Value>> wrong = Map.of(
                "id",
                        List.of(
                                Value.of(0),
                                Value.of(-1),
                                Value.of("x"),
                                Value.of(1L << 24),
                                Value.of(new BigInteger("9223372036854775808"))),
                "ref_id", List.of(Value.of(-1), Value.of(1L << 24), Value.of(1.0)),
                "src_id", List.of(Value.of(-1), Value.NULL),
                "ts", List.of(Value.of(1.0), Value.of(new BigInteger("9223372036854775808"))),
                "flags", List.of(Value.of(8), Value.of(-1), Value.of(1L << 32)),
                "trace",
                        List.of(
                                Value.of("0".repeat(32)),
                                Value.of("A".repeat(32)),
                                Value.of("1".repeat(31)),
                                Value.of(1)),
                "meta", List.of(FluxMap.of("a", Value.of(1)), Value.of("a")),
                "data", List.of(Value.of("a"), Value.NULL),
                "raw", List.of(Value.of("a")),
                "path",
                        List.of(
                                Value.of("a"),
                                Value.of(List.of(Value.of(1))),
                                Value.of(List.of(FluxMap.of("g", Value.of(1))))));
        wrong.forEach((key, values) ->
                values.forEach(value -> refuses(map -> map.with(key, value), SignalError.ENVELOPE, "")));
    }

    @Test
    void refusesUnknownKeysWhereverTheyAre() {
        refuses(map -> map.with("x", Value.TRUE), SignalError.ENVELOPE, "unknown key");
        FluxMap hop = FluxMap.builder()
                .put("g", 1)
                .put("p", "x")
                .put("t", 1)
                .put("u", 1)
                .build();
        refuses(map -> map.with("path", Value.of(List.of(hop))), SignalError.ENVELOPE, "hop");
    }

    @Test
    void refusesThe65thHop() {
        FluxMap hop = FluxMap.builder().put("g", 1).put("p", "x").put("t", 1).build();
        FluxMap most = fields(map -> map.with("path", Value.of(Collections.nCopies(64, hop))));
        assertThat(FluxMsg.decode(FluxCbor.encode(most)).path()).hasSize(64);
        refuses(map -> map.with("path", Value.of(Collections.nCopies(65, hop))), SignalError.LIMIT, "64 hops");
        FluxMsg full = FluxMsg.decode(FluxCbor.encode(most));
        assertThatThrownBy(() -> full.withHop(1, "x", 1)).isInstanceOf(FluxException.class);
    }

    @Test
    void refusesMoreThanOneMebibyteBothWays() {
        FluxMsg.Builder msg = Samples.authorization().toBuilder();
        int room = FluxCbor.MAX_MESSAGE
                - msg.raw(Bytes.wrap(new byte[70_000])).build().encode().length;
        FluxMsg largest = msg.raw(Bytes.wrap(new byte[70_000 + room])).build();
        assertThat(largest.encode()).hasSize(FluxCbor.MAX_MESSAGE);
        assertThat(FluxMsg.decode(largest.encode())).isEqualTo(largest);
        FluxMsg larger = msg.raw(Bytes.wrap(new byte[70_001 + room])).build();
        assertThatThrownBy(larger::encode)
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.LIMIT));
    }

    @Test
    void theFastWayAndTheExactWayAgreeOnEveryDamagedMessage() {
        long seed = Long.getLong("fluxrig.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> samples =
                Samples.all().values().stream().map(FluxMsg::encode).toList();
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                bytes[random.nextInt(random.nextBoolean() ? Math.min(40, bytes.length) : bytes.length)] =
                        (byte) random.nextInt();
            }
            FluxMsg exact = orNull(() -> FluxMsgRefusal.read(bytes));
            FluxMsg fast = orNull(() -> FluxMsg.decode(bytes));
            assertThat(fast).as("seed %d round %d", seed, i).isEqualTo(exact);
            if (fast != null) {
                assertThat(fast.encode()).as("seed %d round %d", seed, i).isEqualTo(bytes);
                accepted++;
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    private static FluxMsg orNull(Supplier<FluxMsg> read) {
        try {
            return read.get();
        } catch (FluxException refused) {
            return null;
        }
    }

    @Test
    void aChangedCopySharesWhatDidNotChange() {
        FluxMsg msg = Samples.authorization();
        FluxMsg hopped = msg.withHop(Samples.GEAR, "out", 1);
        assertThat(hopped.data()).isSameAs(msg.data());
        assertThat(hopped.raw()).isSameAs(msg.raw());
        assertThat(hopped.meta()).isSameAs(msg.meta());
        assertThat(msg.path()).hasSize(1);
        FluxMsg changed = msg.toBuilder().data("11", Value.of("000043")).build();
        assertThat(changed.data().get("43")).isSameAs(msg.data().get("43"));
        assertThat(msg.data().get("11")).isEqualTo(Value.of("000042"));
    }

    @Test
    void metaIsAMapInEncodingOrderThatNobodyChanges() {
        Map<String, String> wanted = new TreeMap<>(Map.of("bb", "1", "a", "2", "über", "3", "", "4"));
        FluxMsg msg = Samples.echo().toBuilder().meta(wanted).build();
        assertThat(msg.meta()).isEqualTo(wanted).hasSameHashCodeAs(wanted);
        assertThat(msg.meta().keySet()).containsExactly("", "a", "bb", "über");
        assertThat(msg.meta().get("none")).isNull();
        assertThatThrownBy(() -> msg.meta().put("x", "y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> msg.meta().clear()).isInstanceOf(UnsupportedOperationException.class);
        FluxMsg.Builder builder = msg.toBuilder().removeMeta("a").meta("z", "5").meta("bb", "6");
        assertThat(builder.build().meta()).isEqualTo(Map.of("bb", "6", "z", "5", "über", "3", "", "4"));
        assertThat(msg.meta()).isEqualTo(wanted);
    }

    @Test
    void showsIdsAndSizesOnly() {
        for (FluxMsg msg : Samples.all().values()) {
            String shown = msg + " " + msg.data() + " " + msg.meta() + " " + msg.raw() + " "
                    + msg.data().at("2");
            assertThat(shown)
                    .doesNotContain("9999")
                    .doesNotContain("MERCHANT")
                    .doesNotContain("0800")
                    .contains("FluxMsg[");
        }
    }

    @Test
    void encodingAllocatesItsResultAndNothingElse() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String name : List.of("authorization", "emv", "iot", "echo")) {
            FluxMsg msg = Samples.all().get(name);
            int size = msg.encode().length;
            int result = 16 + (size + 7) / 8 * 8;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1_000; i++) {
                    msg.encode();
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 1_000);
            }
            assertThat(least).as(name).isLessThanOrEqualTo(result + 8);
        }
    }
}
