package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ports whose spec says what the network puts before each message. */
class TcpHeaderTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String SPEC = "spec.yaml";
    private static final String ECHO =
            "0800" + "8220000000000000" + "0400000000000000" + "0102030405" + "000001" + "301";

    @TempDir
    Path folder;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private Spec spec(String header) throws IOException {
        return Specs.load(Files.writeString(folder.resolve(SPEC), """
                        spec:
                          id: network
                          version: 1.0.0
                          wire:
                            source: moov:spec87ascii
                            header: %s
                            fields:
                              "70": { type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed }
                        """.formatted(header)))
                .orThrow();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {length: {bytes: 4, enc: ASCII}}                                 | 30303535             |                                              |
                    {length: {bytes: 2, enc: BCD}}                                   | 0055                 |                                              |
                    {length: {bytes: 2, order: little, inclusive: true}}             | 3900                 |                                              |
                    {length: {bytes: 4}}                                             | 00000037             |                                              |
                    {length: {bytes: 2, reserved: 2}}                                | 00370000             |                                              |
                    {length: {bytes: 2}, lead: tpdu}                                 | 003c                 | 6000120034                                   | 6000340012
                    {length: {bytes: 2}, prefix: {text: ISO, length: 12}}            | 0043                 | 49534f303235303030303030                     | 49534f303235303030303030
                    {length: {bytes: 2}, lead: visa}                                 | 004d                 | 160102004d1111112222220000000000000000000000 | 160102004d2222221111110000000000000000000000
                    """)
    void theHeaderIsTakenOffKeptAndTurnedRound(String header, String length, String lead, String answer)
            throws Exception {
        Spec spec = spec(header);
        String before = lead == null ? "" : lead;
        String after = answer == null ? "" : answer;
        try (ServerUnderTest server = new ServerUnderTest(KIT, Map.of(SPEC, spec), "spec", SPEC);
                Peer peer = server.connect()) {
            peer.writeHex(length + before + hex(ECHO));
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("out");
            assertThat(offered.draft().raw()).isEqualTo(Bytes.wrap(ECHO.getBytes(StandardCharsets.US_ASCII)));
            FluxMap data = offered.draft().data();
            assertThat(data.text("70")).contains("301");
            if (!before.isEmpty()) {
                assertThat(offered.draft().meta()).containsEntry("iso8583.raw_header", before);
            }
            FluxMsg reply = FluxMsg.builder()
                    .id(FluxId.of(5, 0, 1))
                    .srcId(1)
                    .ts(1)
                    .meta(offered.draft().meta())
                    .raw(offered.draft().raw())
                    .build();
            assertThat(server.deliver(reply).get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.sent());
            byte[] wire = new byte[(length.length() + after.length()) / 2 + ECHO.length()];
            peer.readFully(wire);
            assertThat(HexFormat.of().formatHex(wire)).isEqualTo(length + after + hex(ECHO));
        }
    }

    @Test
    void aFrameWithoutTheHeaderLeavesByTheErrorPort() throws Exception {
        Spec spec = spec("{prefix: {text: ISO, length: 12}}");
        try (ServerUnderTest server = new ServerUnderTest(KIT, Map.of(SPEC, spec), "spec", SPEC);
                Peer peer = server.connect()) {
            peer.writeFrame(ECHO.getBytes(StandardCharsets.US_ASCII));
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("error");
            assertThat(offered.draft().data().text("field")).contains("header");
        }
    }

    @Test
    void thePortsOwnFramingWinsOverTheSpecs() throws Exception {
        Spec spec = spec("{length: {bytes: 4, enc: ASCII}}");
        FluxMap framing =
                FluxMap.builder().put("kind", "length").put("bytes", 2).build();
        try (ServerUnderTest server = new ServerUnderTest(KIT, Map.of(SPEC, spec), "spec", SPEC, "framing", framing);
                Peer peer = server.connect()) {
            peer.writeFrame(ECHO.getBytes(StandardCharsets.US_ASCII));
            assertThat(server.door.next().port()).isEqualTo("out");
        }
    }
}
