package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.WireHeader.Digits;
import io.fluxrig.spec.WireHeader.Length;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireHeaderTest {
    private static final int MOST = 8192;

    @TempDir
    Path folder;

    private WireHeader header(String text) {
        return Vectors.spec(
                        folder,
                        "spec: {id: x, version: 1.0.0, wire: {source: moov:spec87ascii, header: " + text + "}}\n")
                .header()
                .orElseThrow();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void lengthsOfOtherProjectsAreReadAndWritten() {
        for (JsonNode item : Vectors.items("iso8583-moov/network_headers.json")) {
            Length length = switch (item.get("kind").asText()) {
                case "ASCII 4 digits" ->
                    header("{length: {bytes: 4, enc: ASCII}}").length().orElseThrow();
                case "BCD 2 bytes" ->
                    header("{length: {bytes: 2, enc: BCD}}").length().orElseThrow();
                case "binary 2 bytes big-endian" ->
                    header("{length: {bytes: 2}}").length().orElseThrow();
                case "VML" ->
                    header("{length: {bytes: 2, reserved: 2}}").length().orElseThrow();
                default -> header("{length: {bytes: 2, reserved: 2}}").length().orElseThrow();
            };
            byte[] wire = bytes(item.get("hex").asText());
            if (wire.length < length.width()) {
                // More has to come: whoever cuts the stream waits for the whole of it.
                continue;
            }
            long read = length.read(wire, 0);
            if (item.has("length")) {
                assertThat(read).isEqualTo(item.get("length").asLong());
                if (!item.has("session_control")) {
                    assertThat(hex(length.write((int) read)))
                            .isEqualTo(item.get("hex").asText());
                }
            } else {
                assertThat(read == 0 || read < 0 || read > MOST)
                        .as(item.toString())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, BINARY, false, false, 258, 0102",
        "2, BINARY, true, false, 258, 0201",
        "4, BINARY, false, true, 256, 00000104",
        "2, BINARY, true, true, 256, 0201",
        "4, ASCII, false, true, 96, 30313030",
        "2, BCD, false, false, 115, 0115",
        "4, BCD, false, true, 96, 00000100",
    })
    void everyFormOfALength(int width, Digits digits, boolean little, boolean inclusive, int frame, String wire) {
        Length length = new Length(width, digits, little, inclusive, 0);
        assertThat(hex(length.write(frame))).isEqualTo(wire);
        assertThat(length.read(bytes(wire), 0)).isEqualTo(frame);
        assertThat(length.read(new byte[] {0x30, 0x30, 0x30, 0x30}, 0) == 0).isEqualTo(digits == Digits.ASCII);
        assertThat(length.read(new Length(width, digits, little, false, 0).write(1), 0))
                .isEqualTo(inclusive ? -1 : 1);
    }

    @Test
    void aTpduIsSwappedInTheAnswer() {
        WireHeader header = header("{lead: tpdu}");
        byte[] frame = bytes("60 0012 0034 30323030");
        assertThat(header.leadOf(frame)).isEqualTo(5);
        assertThat(hex(header.answering(bytes("6000120034"), 4))).isEqualTo("6000340012");
        assertThat(hex(header.opening(4))).isEqualTo("6000000000");
        assertThatExceptionOfType(FluxException.class).isThrownBy(() -> header.leadOf(bytes("600012")));
    }

    @Test
    void aVisaHeaderIsRebuiltInTheAnswer() {
        WireHeader header = header("{lead: visa}");
        String lead = "16 01 02 001a 111111 222222 00 0000 000000 00 000000 00";
        byte[] frame = bytes(lead + "30323030");
        assertThat(header.leadOf(frame)).isEqualTo(22);
        assertThat(hex(header.answering(bytes(lead), 6)))
                .isEqualTo(lead.replace(" ", "").replace("001a111111222222", "001c222222111111"));
        assertThat(header.leadOf(join(header.opening(4), bytes("30323030")))).isEqualTo(22);
        assertThatExceptionOfType(FluxException.class).isThrownBy(() -> header.leadOf(bytes("1601")));
        assertThatExceptionOfType(FluxException.class).isThrownBy(() -> header.leadOf(bytes(lead + "303230")));
        assertThatExceptionOfType(FluxException.class).isThrownBy(() -> header.leadOf(new byte[0]));
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void aFixedPrefixMustStandThere() {
        WireHeader header = header("{prefix: {text: ISO, length: 12}}");
        byte[] frame = "ISO0250000700200".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(header.leadOf(frame)).isEqualTo(12);
        assertThat(header.answering(java.util.Arrays.copyOf(frame, 12), 4))
                .isEqualTo(java.util.Arrays.copyOf(frame, 12));
        assertThat(new String(header.opening(4), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("ISO000000000");
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(
                        () -> header.leadOf("OSI0250000700200".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.HEADER));
    }
}
