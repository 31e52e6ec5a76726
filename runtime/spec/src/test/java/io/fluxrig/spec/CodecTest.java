package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec.Decoded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {
    private static final Codec PAYMENTS = Messages.payments().codec();

    @TempDir
    Path folder;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Decoded decode(Codec codec, byte[] bytes) {
        return codec.decode(bytes, 0, bytes.length);
    }

    private static FluxMap read(Codec codec, byte[] bytes) {
        Decoded decoded = decode(codec, bytes);
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok) decoded).data();
    }

    private Codec everyForm() {
        return Messages.everyForm(folder, "ASCII", "Binary").codec();
    }

    @Test
    void aNetworkMessageLooksAsTheStandardSays() {
        FluxMap data = FluxMap.builder()
                .put("0", "0800")
                .put("7", "0102030405")
                .put("11", "000001")
                .put("70", "301")
                .build();
        byte[] wire = ascii("0800" + "8220000000000000" + "0400000000000000" + "0102030405" + "000001" + "301");
        assertThat(PAYMENTS.encode(data)).isEqualTo(wire);
        assertThat(read(PAYMENTS, wire)).isEqualTo(data);
        assertThat(PAYMENTS.mti(data)).contains("0800");
    }

    @Test
    void readsAPartOfABuffer() {
        byte[] wire = PAYMENTS.encode(Messages.purchase());
        byte[] buffer = new byte[wire.length + 9];
        System.arraycopy(wire, 0, buffer, 4, wire.length);
        assertThat(PAYMENTS.decode(buffer, 4, 4 + wire.length)).isEqualTo(new Decoded.Ok(Messages.purchase()));
        assertThat(PAYMENTS.decode(buffer, 4, 4 + wire.length - 1))
                .isInstanceOfSatisfying(Decoded.Unreadable.class, u -> {
                    assertThat(u.field()).isEqualTo("70");
                    assertThat(u.offset()).isEqualTo(wire.length - 3);
                });
    }

    @Test
    void leadingZerosAndPaddingAreKept() {
        FluxMap data = FluxMap.builder()
                .put("0", "0200")
                .put("3", "000005")
                .put("9", "ab      ")
                .build();
        assertThat(read(everyForm(), everyForm().encode(data))).isEqualTo(data);
    }

    @Test
    void shortValuesArePaddedAsTheSpecSays() {
        FluxMap data = FluxMap.builder()
                .put("0", "0200")
                .put("3", "5")
                .put("4", "100")
                .put("9", "ab")
                .build();
        FluxMap read = read(everyForm(), everyForm().encode(data));
        assertThat(read.text("3")).contains("000005");
        assertThat(read.text("4")).contains("000000000100");
        assertThat(read.text("9")).contains("ab      ");
    }

    @Test
    void everyEbcdicOctetComesOutAsItCameIn() {
        for (int octet = 0; octet < 256; octet++) {
            byte[] wire = ascii("0200" + "________" + "01_");
            System.arraycopy(HexFormat.of().parseHex("0100000000000000"), 0, wire, 4, 8);
            wire[12] = (byte) 0xf0;
            wire[13] = (byte) 0xf1;
            wire[14] = (byte) octet;
            assertThat(everyForm().encode(read(everyForm(), wire))).isEqualTo(wire);
        }
        FluxMap letters = FluxMap.builder().put("0", "0200").put("8", "Aa1 ").build();
        assertThat(HexFormat.of().formatHex(everyForm().encode(letters))).endsWith("f0f4c181f140");
    }

    @Test
    void lowerCaseHexComesOutAsItCameIn() {
        byte[] wire = ascii("0200" + "0000000000001000" + "0123456789abCDEF");
        byte[] at52 = ascii("0200" + "0000000000001000" + "0123456789ABCDEF");
        assertThat(read(PAYMENTS, wire).text("52")).contains("0123456789abCDEF");
        assertThat(PAYMENTS.encode(read(PAYMENTS, wire))).isEqualTo(wire);
        assertThat(read(PAYMENTS, at52).get("52")).isEqualTo(Value.of(Bytes.ofHex("0123456789abcdef")));
        assertThat(PAYMENTS.encode(read(PAYMENTS, at52))).isEqualTo(at52);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0 | 0  | needs 4 more bytes                 | 30
                    0 | 0  | the MTI is not four digits         | 303230417000000000000000
                    1 | 4  | needs 8 more bytes                 | 30323030700000
                    1 | 28 | a fourth bitmap is announced       | 30323030800000000000000080000000000000008000000000000000
                    18| 12 | the spec does not describe         | 303230300000400000000000
                    2 | 14 | the length is not a number         | 303230304000000000000000413233
                    2 | 14 | length 20 is more than 19          | 303230304000000000000000323031
                    2 | 14 | needs 5 more bytes, has 2          | 303230304000000000000000303531 32
                    2 | 14 | a byte is not ASCII                | 30323030400000000000000030 31ff
                    3 | 12 | not a number                       | 303230302000000000000000303030303041
                    5 | 12 | the unused half of the first byte  | 303230300800000000000000100001
                    5 | 12 | a BCD digit is above 9             | 30323030080000000000000000000A
                    6 | 13 | the length is not a number         | 3032303004000000000000001A
                    7 | 14 | the length has more digits         | 3032303002000000000000001001
                    15| 14 | not hex digits                     | 30323030000200000000000030314747
                    16| 16 | the length is not a number         | 303230300001000000000000 30 61 30 30
                    13| 18 | the length is too large            | 303230300008000000000000 FFFFFFFFFFFF
                    - | 12 | bytes are left                     | 30323030000000000000000000
                    """)
    void saysWhereReadingStoppedAndWhy(String field, int offset, String reason, String hex) {
        byte[] wire = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(decode(everyForm(), wire)).isInstanceOfSatisfying(Decoded.Unreadable.class, u -> {
            assertThat(u.reason()).startsWith(reason);
            assertThat(u.field()).isEqualTo(field);
            assertThat(u.offset()).isEqualTo(offset);
        });
    }

    @Test
    void whatWasReadBeforeTheStopIsKept() {
        byte[] wire = ascii("0200" + "7000000000000000" + "03123" + "000000" + "00000000100");
        assertThat(decode(PAYMENTS, wire)).isInstanceOfSatisfying(Decoded.Unreadable.class, u -> {
            assertThat(u.field()).isEqualTo("4");
            assertThat(u.readSoFar().text("2")).contains("123");
            assertThat(u.readSoFar().text("3")).contains("000000");
            assertThat(u.readSoFar().has("4")).isFalse();
        });
    }

    @Test
    void element65IsABitmapAndNeverData() {
        FluxMap wrong = FluxMap.builder().put("0", "0200").put("65", "x").build();
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> everyForm().encode(wrong));
        // Bit 65 alone announces a third bitmap, which is empty here.
        byte[] wire =
                HexFormat.of().parseHex("30323030" + "8000000000000000" + "8000000000000000" + "0000000000000000");
        FluxMap data = read(everyForm(), wire);
        assertThat(data)
                .isEqualTo(FluxMap.builder()
                        .put("0", "0200")
                        .put("1", "800000000000000080000000000000000000000000000000")
                        .build());
        assertThat(everyForm().encode(data)).isEqualTo(wire);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    3   | 1234567              | has 7 characters, not 6
                    3   | 12a456               | is not a number
                    5   | 123                  | has 3 characters, not 5
                    6   | 12x                  | is not a number
                    2   | 12345678901234567890 | is longer than 19
                    2   | é                    | holds a character that is not ASCII
                    8   | €                    | holds a character that is not EBCDIC
                    8   | 中                   | holds a character that is not EBCDIC
                    10  | text                 | takes bytes, not text
                    15  | 0                    | is not hex digits
                    14  | 00                   | has 1 bytes, not 8
                    1   | x                    | is not described by the spec
                    99  | x                    | is not described by the spec
                    129 | x                    | is not described by the spec
                    193 | x                    | is not an element number
                    02  | x                    | is not an element number
                    -2  | x                    | is not an element number
                    pan | x                    | is not an element number
                    """)
    void aValueThatDoesNotFitIsRefusedAndNotShown(String key, String value, String why) {
        FluxMap data = FluxMap.builder().put("0", "0200").put(key, value).build();
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> everyForm().encode(data))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.ENCODE))
                .satisfies(e -> assertThat(e.what()).contains(why))
                .satisfies(e -> assertThat(e.what()).contains(key));
    }

    @Test
    void valuesOfOtherKindsAreRefused() {
        for (Value value : new Value[] {Value.of(1), Value.NULL, Value.of(true), FluxMap.EMPTY}) {
            FluxMap data = FluxMap.of("0", Value.of("0200")).with("3", value);
            assertThatExceptionOfType(FluxException.class)
                    .isThrownBy(() -> everyForm().encode(data));
        }
        FluxMap bytes = FluxMap.builder()
                .put("0", "0200")
                .put("3", Bytes.ofHex("000000"))
                .build();
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> everyForm().encode(bytes));
        FluxMap wrong =
                FluxMap.builder().put("0", "0200").put("10", Bytes.EMPTY).build();
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> everyForm().encode(wrong));
    }

    @Test
    void aMessageHasAnMti() {
        for (FluxMap data : new FluxMap[] {
            FluxMap.EMPTY,
            FluxMap.of("0", Value.of("200")),
            FluxMap.of("0", Value.of("02000")),
            FluxMap.of("0", Value.of("02O0")),
            FluxMap.of("0", Value.of(200)),
            FluxMap.of("0", Value.of("٠٢٠٠"))
        }) {
            assertThatExceptionOfType(FluxException.class).isThrownBy(() -> PAYMENTS.encode(data));
        }
    }
}
