package io.fluxrig.signal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages of each kind, always the same. Card numbers begin with 9999, which is assigned to nobody. */
final class Samples {
    static final long TS = 1_784_894_400_123_456_789L;
    static final long GEAR = FluxEntityId.of(FluxEntityId.Type.GEAR, 1, 7).value();
    static final long ID = FluxId.of(1_767_000_000L, 3, 1);

    private Samples() {}

    /** All kinds by name. */
    static Map<String, FluxMsg> all() {
        Map<String, FluxMsg> all = new LinkedHashMap<>();
        all.put("minimal", FluxMsg.builder().id(ID).srcId(GEAR).ts(TS).build());
        all.put("echo", echo());
        all.put("authorization", authorization());
        all.put("emv", emv());
        all.put("iot", iot());
        all.put("every-value", everyValue());
        all.put("full-envelope", fullEnvelope());
        return all;
    }

    private static FluxMsg.Builder base() {
        return FluxMsg.builder().id(ID).srcId(GEAR).ts(TS);
    }

    static FluxMsg echo() {
        return base().meta("mti", "0800")
                .data("7", Value.of("0724120000"))
                .data("11", Value.of("000042"))
                .data("70", Value.of("301"))
                .raw(ascii("080082200000000000000400000000000000" + "0724120000" + "000042" + "301"))
                .path(List.of(new FluxMsg.Hop(GEAR, "out", TS)))
                .build();
    }

    static FluxMsg authorization() {
        String wire = "0100723C448128E08000169999000000000017000000000000123450724120000000042140000072428015411"
                + "060840000000061234560000000000042TERM0001MERCHANT0000001FLUXRIG COFFEE BAR      ZURICH        CH756";
        return base().trace("4bf92f3577b34da6a3ce929d0e0e4736")
                .meta("mti", "0100")
                .meta("route", "scheme-a")
                .data("2", Value.of("9999000000000017"))
                .data("3", Value.of("000000"))
                .data("4", Value.of(new BigDecimal("123.45")))
                .data("7", Value.of("0724120000"))
                .data("11", Value.of("000042"))
                .data("12", Value.of("140000"))
                .data("13", Value.of("0724"))
                .data("14", Value.of("2801"))
                .data("18", Value.of("5411"))
                .data("22", Value.of("051"))
                .data("32", Value.of("000001"))
                .data("37", Value.of("000000000042"))
                .data("41", Value.of("TERM0001"))
                .data("42", Value.of("MERCHANT0000001"))
                .data("43", Value.of("FLUXRIG COFFEE BAR      ZURICH        CH"))
                .raw(ascii(wire))
                .path(List.of(new FluxMsg.Hop(GEAR, "requests", TS)))
                .build();
    }

    static FluxMsg emv() {
        FluxMap.Builder data = FluxMap.builder();
        for (int field = 2; field < 62; field++) {
            if (field == 55) {
                data.put("55", chip());
            } else if (field % 7 == 4) {
                data.put(Integer.toString(field), Value.of(new BigDecimal(BigInteger.valueOf(field * 1_001L), 2)));
            } else {
                data.put(Integer.toString(field), "field-" + field + "-content");
            }
        }
        byte[] wire = new byte[700];
        for (int i = 0; i < wire.length; i++) {
            wire[i] = (byte) (i * 31);
        }
        return base().meta("mti", "0200")
                .data(data.build())
                .raw(Bytes.wrap(wire))
                .path(List.of(new FluxMsg.Hop(GEAR, "requests", TS)))
                .build();
    }

    private static FluxMap chip() {
        FluxMap.Builder chip = FluxMap.builder();
        for (String tag :
                List.of("5f2a", "82", "84", "95", "9a", "9c", "9f02", "9f10", "9f1a", "9f26", "9f27", "9f36", "9f37")) {
            chip.put(tag, Bytes.ofHex("0102030405060708"));
        }
        return chip.build();
    }

    static FluxMsg iot() {
        FluxMap.Builder data = FluxMap.builder();
        for (int i = 0; i < 20; i++) {
            data.put("sensor" + i, i % 2 == 0 ? Value.of(20.0 + i / 3.0) : Value.of(i * 1_000_003L));
        }
        return base().meta("topic", "plant/7/line/2")
                .data(data.build())
                .path(List.of(new FluxMsg.Hop(GEAR, "readings", TS)))
                .build();
    }

    static FluxMsg everyValue() {
        List<Value> values = new ArrayList<>(List.of(
                Value.NULL,
                Value.TRUE,
                Value.FALSE,
                Value.of(0),
                Value.of(-1),
                Value.of(Long.MAX_VALUE),
                Value.of(Long.MIN_VALUE),
                Value.of(new BigInteger("18446744073709551615")),
                Value.of(new BigInteger("-18446744073709551616")),
                Value.of(new BigInteger("18446744073709551616")),
                Value.of(new BigInteger("-18446744073709551617")),
                Value.of(0.0),
                Value.of(-0.0)));
        values.addAll(List.of(
                Value.of(1.0),
                Value.of(100_000.0),
                Value.of(1.1),
                Value.of(Double.NaN),
                Value.of(Double.POSITIVE_INFINITY),
                Value.of(new BigDecimal("100.00")),
                Value.of(new BigDecimal("1E+3")),
                Value.of(new BigDecimal("-98765432109876543210.9")),
                Value.of(Instant.ofEpochSecond(1_784_894_400L)),
                Value.of(Instant.ofEpochSecond(-1, 999_999_999)),
                Value.of("Zürich 東京 😀"),
                Value.of(Bytes.ofHex("00ff")),
                Value.of(List.of()),
                FluxMap.EMPTY));
        return base().data("values", Value.of(values))
                .data("über", Value.of("non-ASCII key"))
                .build();
    }

    static FluxMsg fullEnvelope() {
        return base().refId(FluxId.of(1_766_999_999L, 255, 65_535))
                .trace("0af7651916cd43dd8448eb211c80319c")
                .meta("note", "text only")
                .data("ok", Value.TRUE)
                .flags(FluxMsg.SYNC_PROBE | FluxMsg.REPLAY | FluxMsg.REDELIVERED)
                .raw(ascii("raw"))
                .path(List.of(new FluxMsg.Hop(GEAR, "in", TS), new FluxMsg.Hop(GEAR + 1, "out", TS + 1)))
                .ts(-TS)
                .build();
    }

    static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
