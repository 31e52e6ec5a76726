package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class FluxMapTest {
    private static final FluxMap MAP = FluxMap.builder()
            .put("amount", Value.of(new BigDecimal("100.00")))
            .put(
                    "card",
                    FluxMap.builder()
                            .put("number", "x")
                            .put("holder", Value.NULL)
                            .build())
            .put("dotted.key", "direct")
            .build();

    @Test
    void pathsTellAbsentFromNullFromWrongType() {
        assertThat(MAP.at("card.number")).isEqualTo(new FluxMap.Found.Here(Value.of("x")));
        assertThat(MAP.at("card.holder")).isEqualTo(new FluxMap.Found.Here(Value.NULL));
        assertThat(MAP.at("card.expiry")).isEqualTo(new FluxMap.Found.Absent());
        assertThat(MAP.at("nothing.here")).isEqualTo(new FluxMap.Found.Absent());
        assertThat(MAP.at("amount.minor")).isEqualTo(new FluxMap.Found.NotAMap("amount", "decimal"));
        assertThat(MAP.at("dotted.key")).isEqualTo(new FluxMap.Found.Here(Value.of("direct")));
    }

    @Test
    void keepsTheScaleOfDecimals() {
        assertThat(MAP.get("amount")).isEqualTo(Value.of(new BigDecimal("100.00")));
        assertThat(MAP.get("amount")).isNotEqualTo(Value.of(new BigDecimal("100")));
    }

    @Test
    void sortsKeysByTheirEncoding() {
        FluxMap map = FluxMap.builder()
                .put("aa", 1)
                .put("é", 2)
                .put("z", 3)
                .put("", 4)
                .put("😀", 5)
                .put("\uffee", 6)
                .put("zzzz", 7)
                .build();
        // z has one byte, aa and é two, U+FFEE three, the others four: 7a.. before f0..
        String[] order = {"", "z", "aa", "é", "\uffee", "zzzz", "😀"};
        for (int i = 0; i < order.length; i++) {
            assertThat(map.keyAt(i)).isEqualTo(order[i]);
        }
    }

    @Test
    void theLastValueUnderAKeyWins() {
        FluxMap map = FluxMap.builder()
                .put("b", 1)
                .put("a", 2)
                .put("b", 3)
                .put("a", 4)
                .build();
        assertThat(map).isEqualTo(FluxMap.builder().put("a", 4).put("b", 3).build());
        assertThat(map.size()).isEqualTo(2);
    }

    @Test
    void aBuilderGoesOnAfterBuilding() {
        FluxMap.Builder builder = FluxMap.builder();
        for (int i = 20; i > 0; i--) {
            builder.put("k" + i, i);
            assertThat(builder.build().size()).isEqualTo(21 - i);
        }
        assertThat(builder.build().integer("k7", 0)).isEqualTo(7);
    }

    @Test
    void changingSharesWhatDidNotChange() {
        FluxMap changed = MAP.with("amount", Value.of(1));
        assertThat(changed.get("card")).isSameAs(MAP.get("card"));
        assertThat(MAP.with("amount", Value.of(new BigDecimal("100.00")))).isSameAs(MAP);
        assertThat(MAP.without("none")).isSameAs(MAP);
        assertThat(MAP.without("amount").has("amount")).isFalse();
        assertThat(MAP.without("amount").with("amount", MAP.get("amount"))).isEqualTo(MAP);
    }
}
