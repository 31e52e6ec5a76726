package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Setting;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.spec.WireHeader;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How a stream of bytes is cut into frames. */
record FramingSettings(
        @Setting(value = "A length before each frame, or a delimiter behind it", byDefault = "length")
        Kind kind,

        @Setting(value = "Bytes of the length", byDefault = "2")
        int bytes,

        @Setting(value = "Byte order of the length", byDefault = "big")
        Order order,

        @Setting(value = "Whether the length counts its own bytes", byDefault = "false")
        boolean inclusive,

        @Setting("The delimiter in hex, 1 to 8 bytes") Optional<String> delimiter,

        @Setting(value = "Longest frame in bytes", byDefault = "8192", min = 1, max = 262_144)
        int maxFrame) {

    enum Kind {
        LENGTH,
        DELIMITER
    }

    enum Order {
        BIG,
        LITTLE
    }

    /** Two bytes, big-endian, exclusive: what payment terminals speak. */
    static final FramingSettings DEFAULT =
            new FramingSettings(Kind.LENGTH, 2, Order.BIG, false, Optional.empty(), 8192);

    List<Problem> check() {
        if (kind == Kind.DELIMITER) {
            boolean good = delimiter
                    .filter(hex -> hex.matches("([0-9a-fA-F]{2}){1,8}"))
                    .isPresent();
            return good
                    ? List.of()
                    : List.of(new Problem(
                            "framing.delimiter", "1 to 8 bytes in hex are needed", "write 0a, for example"));
        }
        if (bytes != 2 && bytes != 4) {
            return List.of(new Problem("framing.bytes", "a length has 2 or 4 bytes", "write 2 or 4"));
        }
        if (maxFrame > maxLength()) {
            return List.of(
                    new Problem("framing.max-frame", "2 bytes cannot tell such a length", "lower it, or use 4 bytes"));
        }
        return List.of();
    }

    /** The longest frame whose length can be written. */
    private int maxLength() {
        int own = inclusive ? bytes : 0;
        return bytes == 2 ? 0xFFFF - own : Integer.MAX_VALUE;
    }

    /** How the length is written, where there is one. */
    WireHeader.Length length() {
        return new WireHeader.Length(bytes, WireHeader.Digits.BINARY, order == Order.LITTLE, inclusive, 0);
    }

    byte[] delimiterBytes() {
        return HexFormat.of().parseHex(delimiter.orElseThrow());
    }
}
