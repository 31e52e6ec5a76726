package io.fluxrig.signal;

import static io.fluxrig.signal.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FluxCborTest {
    private static void refuses(String hex, int offset, String rule) {
        assertThatThrownBy(() -> FluxCbor.decode(hex(hex))).as(hex).isInstanceOfSatisfying(CborException.class, e -> {
            assertThat(e.rule()).isEqualTo(rule);
            assertThat(e.offset()).isEqualTo(offset);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, truncated",
        "00 00, 1, trailing-bytes",
        "1817, 0, not-shortest",
        "1900ff, 0, not-shortest",
        "1a0000ffff, 0, not-shortest",
        "1b00000000ffffffff, 0, not-shortest",
        "1c, 0, reserved",
        "1f, 0, indefinite-length",
        "ff, 0, unexpected-break",
        "fc, 0, reserved",
        "8201, 0, truncated",
        "9bffffffffffffffff, 0, truncated",
        "bb7fffffffffffffff, 0, truncated",
        "5affffffff, 0, truncated",
        "6261, 0, truncated",
        "a1, 0, truncated",
        "a10001, 1, key-not-text",
        "a1600160, 3, trailing-bytes",
        "a2616101616102, 4, duplicate-key",
        "a2616201616102, 4, unsorted-keys",
        "a262616101617a02, 5, unsorted-keys",
        "62c328, 0, utf-8",
        "62c080, 0, utf-8",
        "63eda080, 0, utf-8",
        "63e08080, 0, utf-8",
        "64f4908080, 0, utf-8",
        "64f0808080, 0, utf-8",
        "61c3, 0, utf-8",
        "f97e01, 0, nan",
        "f9fe00, 0, nan",
        "fa7fc00000, 0, nan",
        "fb7ff8000000000000, 0, nan",
        "fa3fc00000, 0, not-shortest",
        "fb3ff8000000000000, 0, not-shortest",
        "f7, 0, simple-value",
        "f814, 0, simple-value",
        "c100, 0, tag",
        "d28440a04040, 0, tag",
        "c240, 0, bignum-not-shortest",
        "c248ffffffffffffffff, 0, bignum-not-shortest",
        "c24900ffffffffffffffff, 0, bignum-leading-zero",
        "c201, 1, bignum-not-bytes",
        "c25f, 1, indefinite-length",
        "c48100, 1, decimal-form",
        "c4821903e800, 2, decimal-exponent",
        "c4823903e700, 2, decimal-exponent",
        "c48200f90000, 3, decimal-form",
        "c48200c240, 3, bignum-not-shortest",
        "c4821b800000000000000000, 2, decimal-form",
        "d903e9a0, 3, time-form",
        "d903e9a10001, 3, time-form",
        "d903e9a2010028 00, 7, time-nanoseconds",
        "d903e9a201002820, 7, time-nanoseconds",
        "d903e9a20100281a3b9aca00, 7, time-nanoseconds",
        "d903e9a201002700, 6, time-form",
        "d903e9a1011b00701cd2fa957900, 5, time-range",
        "d903e9a1011bffffffffffffffff, 5, time-form",
        "d903e9a101f90000, 5, time-form",
        "da000003e9a10100, 0, not-shortest",
    })
    void tellsOffsetAndRule(String hex, int offset, String rule) {
        refuses(hex.replace(" ", ""), offset, rule);
    }

    @Test
    void keepsTheTimeRangeOfRfc9581AsInstantHasIt() {
        for (Instant edge : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
            assertThat(FluxCbor.decode(FluxCbor.encode(Value.of(edge)))).isEqualTo(Value.of(edge));
        }
        assertThat(Instant.MIN.getEpochSecond()).isEqualTo(-31557014167219200L);
        assertThat(Instant.MAX.getEpochSecond()).isEqualTo(31556889864403199L);
        assertThat(Vectors.hex(FluxCbor.encode(Value.of(Instant.ofEpochSecond(1, 5)))))
                .isEqualTo("d903e9a201012805");
    }

    @Test
    void writesTheExampleOfTheFormat() {
        assertThat(Vectors.hex(FluxCbor.encode(Value.of(new BigDecimal("100.00")))))
                .isEqualTo("c48221192710");
    }

    @Test
    void integersFloatsAndDecimalsStayWhatTheyAre() {
        assertThat(Vectors.hex(FluxCbor.encode(Value.of(1)))).isEqualTo("01");
        assertThat(Vectors.hex(FluxCbor.encode(Value.of(1.0)))).isEqualTo("f93c00");
        assertThat(Vectors.hex(FluxCbor.encode(Value.of(BigDecimal.ONE)))).isEqualTo("c4820001");
        assertThat(FluxCbor.decode(hex("f98000"))).isEqualTo(Value.of(-0.0)).isNotEqualTo(Value.of(0.0));
        assertThat(FluxCbor.decode(hex("f97e00"))).isEqualTo(Value.of(Double.longBitsToDouble(0x7ff0000000000001L)));
    }

    @Test
    void everyHalfSurvives() {
        for (int bits = 0; bits < 0x10000; bits++) {
            byte[] item = {(byte) 0xf9, (byte) (bits >> 8), (byte) bits};
            boolean otherNan = (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0 && bits != 0x7e00;
            if (otherNan) {
                refuses(Vectors.hex(item), 0, "nan");
            } else {
                assertThat(FluxCbor.encode(FluxCbor.decode(item))).isEqualTo(item);
            }
        }
    }

    @Test
    void bignumsEndAt128Bytes() {
        BigInteger largest = BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.ONE);
        for (BigInteger edge : List.of(largest, largest.not())) {
            assertThat(FluxCbor.decode(FluxCbor.encode(Value.of(edge)))).isEqualTo(Value.of(edge));
        }
        assertThatThrownBy(() -> Value.of(largest.add(BigInteger.ONE))).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> Value.of(new BigDecimal(largest.add(BigInteger.ONE))))
                .isInstanceOf(FluxException.class);
        refuses("c25881" + "01" + "00".repeat(128), 0, "bignum-too-large");
    }

    @Test
    void sixteenArraysNestAndSeventeenDoNot() {
        String deepest = "81".repeat(16) + "00";
        assertThat(Vectors.hex(FluxCbor.encode(FluxCbor.decode(hex(deepest))))).isEqualTo(deepest);
        refuses("81".repeat(17) + "00", 16, "depth");
        refuses("81".repeat(16) + "80", 16, "depth");
        Value value = FluxCbor.decode(hex(deepest));
        assertThatThrownBy(() -> FluxCbor.encode(Value.of(List.of(value))))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.LIMIT));
    }

    @Test
    void tagsCountAsLevelsForReaderAndWriterAlike() {
        Value bignum = Value.of(BigInteger.ONE.shiftLeft(64));
        for (Value leaf : List.of(
                bignum,
                Value.of(BigDecimal.ONE),
                Value.of(Instant.EPOCH),
                Value.of(new BigDecimal(BigInteger.ONE.shiftLeft(70))))) {
            String inner = Vectors.hex(FluxCbor.encode(leaf));
            for (int depth = 12; depth <= 17; depth++) {
                Value nested = leaf;
                for (int i = 0; i < depth; i++) {
                    nested = Value.of(List.of(nested));
                }
                byte[] bytes = hex("81".repeat(depth) + inner);
                boolean written = accepts(nested);
                boolean read = reads(bytes);
                assertThat(read).as("%s at depth %d", leaf.kind(), depth).isEqualTo(written);
            }
        }
    }

    private static boolean accepts(Value value) {
        try {
            FluxCbor.encode(value);
            return true;
        } catch (FluxException e) {
            assertThat(e.code()).isEqualTo(SignalError.LIMIT);
            return false;
        }
    }

    private static boolean reads(byte[] bytes) {
        try {
            FluxCbor.decode(bytes);
            return true;
        } catch (CborException e) {
            assertThat(e.rule()).isEqualTo("depth");
            return false;
        }
    }

    @Test
    void aLengthNeverDrivesAnAllocation() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<byte[]> bombs = List.of(
                hex("5b7fffffffffffffff"),
                hex("7b7fffffffffffffff"),
                hex("9a7fffffff"),
                hex("ba7fffffff"),
                hex("9a000fffff" + "9a000fffff".repeat(14)),
                hex("c25b7fffffffffffffff"));
        bombs.forEach(bomb -> assertThatThrownBy(() -> FluxCbor.decode(bomb)).isInstanceOf(CborException.class));
        for (byte[] bomb : bombs) {
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                FluxCbor.decode(bomb);
            } catch (CborException expected) {
                // measured below
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
        }
    }

    @Test
    void promisedItemsInManyLevelsAllocateNoMoreThanTheInput() {
        // Each level promises as many items as there are bytes left, which is all a reader can check.
        StringBuilder bomb = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            bomb.append("9a000ff000");
        }
        byte[] input = Arrays.copyOf(hex(bomb.toString()), FluxCbor.MAX_MESSAGE);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> FluxCbor.decode(input)).isInstanceOf(CborException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(60L * FluxCbor.MAX_MESSAGE);
    }

    @Test
    void largeMapsTakeLinearTime() {
        FluxMap.Builder builder = FluxMap.builder();
        for (int i = 0; i < 60_000; i++) {
            builder.put("key-" + i, i);
        }
        byte[] bytes = FluxCbor.encode(builder.build());
        long start = System.nanoTime();
        FluxMap map = (FluxMap) FluxCbor.decode(bytes);
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        assertThat(map.get("key-31415")).isEqualTo(Value.of(31_415));
        assertThat(map.has("key-60000")).isFalse();
    }

    @Test
    void readsSequencesItemByItem() {
        byte[] sequence = hex("01" + "6161" + "80");
        FluxCbor.Item first = FluxCbor.next(sequence, 0, 100);
        FluxCbor.Item second = FluxCbor.next(sequence, first.end(), 100);
        FluxCbor.Item third = FluxCbor.next(sequence, second.end(), 100);
        assertThat(List.of(first.value(), second.value(), third.value()))
                .isEqualTo(List.of(Value.of(1), Value.of("a"), Value.of(List.of())));
        assertThat(third.end()).isEqualTo(4);
        assertThatThrownBy(() -> FluxCbor.next(sequence, 4, 100)).isInstanceOf(CborException.class);
        assertThatThrownBy(() -> FluxCbor.next(hex("43010203"), 0, 3))
                .isInstanceOfSatisfying(
                        CborException.class, e -> assertThat(e.rule()).isEqualTo("too-large"));
    }

    @Test
    void limitsAreExact() {
        byte[] largest = FluxCbor.encode(Value.of(Bytes.wrap(new byte[FluxCbor.MAX_MESSAGE - 5])));
        assertThat(largest).hasSize(FluxCbor.MAX_MESSAGE);
        assertThat(FluxCbor.decode(largest)).isInstanceOf(Value.Bin.class);
        byte[] larger = FluxCbor.encode(Value.of(Bytes.wrap(new byte[FluxCbor.MAX_MESSAGE - 4])));
        refuses(Vectors.hex(larger), 0, "too-large");
        assertThat(FluxCbor.decode(larger, 0, larger.length, FluxCbor.MAX_LEAF)).isInstanceOf(Value.Bin.class);
    }

    @Test
    void refusesTextThatIsNoUnicode() {
        assertThatThrownBy(() -> Value.of("\ud800"))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.TEXT));
        assertThatThrownBy(() -> FluxMap.of("\udc00", Value.NULL)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxMap.builder().put("a\ud83dz", Value.NULL)).isInstanceOf(FluxException.class);
    }

    @Test
    void diagnosticNotationIsThatOfTheRfc() {
        assertThat(FluxCbor.diag(Samples.everyValue().data()))
                .isEqualTo("{\"über\": \"non-ASCII key\", \"values\": [null, true, false, 0, -1, 9223372036854775807,"
                        + " -9223372036854775808, 18446744073709551615, -18446744073709551616, 18446744073709551616,"
                        + " -18446744073709551617, 0.0, -0.0, 1.0, 100000.0, 1.1, NaN, Infinity, 4([-2, 10000]),"
                        + " 4([3, 1]), 4([-1, -987654321098765432109]), 1001({1: 1784894400}),"
                        + " 1001({1: -1, -9: 999999999}), \"Zürich 東京 😀\", h'00ff', [], {}]}");
    }
}
