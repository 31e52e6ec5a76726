package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CborSkimTest {
    private static final List<String> KEYS = List.of("n", "id", "enc", "kind", "note", "absent");

    /** What decoding says: the offset after the map, or the rule. */
    private static String decoded(byte[] bytes) {
        try {
            FluxCbor.Item item = FluxCbor.next(bytes, 0, FluxCbor.MAX_LEAF);
            return item.value() instanceof FluxMap ? "to " + item.end() : "not-a-map";
        } catch (CborException bad) {
            return bytes.length > 0 && (bytes[0] & 0xff) >> 5 != 5 ? "not-a-map" : bad.rule() + " at " + bad.offset();
        }
    }

    private static String skimmed(byte[] bytes) {
        try {
            return "to " + new CborSkim(bytes, KEYS).map(0, FluxCbor.MAX_LEAF);
        } catch (CborException bad) {
            return bad.rule().equals("not-a-map") ? "not-a-map" : bad.rule() + " at " + bad.offset();
        }
    }

    @Test
    void acceptsAndRefusesWhatDecodingDoesAtTheSamePlace() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("CborSkimTest seed " + seed);
        Random random = new Random(seed);
        RandomValues values = new RandomValues(random);
        int accepted = 0;
        for (int round = 0; round < 60_000; round++) {
            FluxMap.Builder map = FluxMap.builder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                String key = random.nextBoolean() ? KEYS.get(random.nextInt(KEYS.size())) : "k" + random.nextInt(300);
                map.put(key, values.any(12));
            }
            byte[] bytes = FluxCbor.encode(map.build());
            for (int changes = random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(skimmed(bytes)).as("round %d", round).isEqualTo(decoded(bytes));
            accepted += skimmed(bytes).startsWith("to") ? 1 : 0;
        }
        assertThat(accepted).isBetween(10_000, 59_000);
    }

    @Test
    void tellsTheValuesOfTheKeysThatAreWanted() {
        FluxMap map = FluxMap.builder()
                .put("n", 7)
                .put("kind", "done")
                .put("note", FluxMap.of("id", Value.of(9)))
                .put("zebra", 1)
                .build();
        byte[] bytes = FluxCbor.encode(map);
        CborSkim skim = new CborSkim(bytes, KEYS);
        assertThat(skim.map(0, FluxCbor.MAX_LEAF)).isEqualTo(bytes.length);
        assertThat(skim.value(0)).isEqualTo(Value.of(7));
        assertThat(skim.has(1)).isFalse();
        assertThat(skim.value(1)).isNull();
        assertThat(skim.value(3)).isEqualTo(Value.of("done"));
        assertThat(skim.is(3, FluxCbor.encode(Value.of("done")))).isTrue();
        assertThat(skim.is(3, FluxCbor.encode(Value.of("dont")))).isFalse();
        assertThat(skim.value(4)).isEqualTo(FluxMap.of("id", Value.of(9)));
        assertThat(skim.has(5)).isFalse();
    }

    @Test
    void keysInAnotherOrderAreAMistakeOfTheCaller() {
        assertThatThrownBy(() -> new CborSkim(new byte[0], List.of("kind", "n")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
