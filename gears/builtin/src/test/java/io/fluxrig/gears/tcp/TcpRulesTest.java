package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Draft;
import io.fluxrig.gears.Payments;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A listening port whose spec has rules. */
class TcpRulesTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String SPEC = "specs/strict.yaml";

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static ServerUnderTest server(Object... more) throws IOException {
        Object[] settings = new Object[more.length + 2];
        settings[0] = "spec";
        settings[1] = SPEC;
        System.arraycopy(more, 0, settings, 2, more.length);
        return new ServerUnderTest(KIT, Map.of(SPEC, Payments.STRICT), settings);
    }

    private static FluxMap purchase() {
        return FluxMap.builder()
                .put("0", "0200")
                .put("2", "4242424242424242")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1123181500")
                .put("11", "000001")
                .put("41", "TERM0001")
                .put("49", "978")
                .build();
    }

    private static List<String> violations(Draft draft) {
        return draft.note().get("violations") instanceof Value.Array all
                ? all.items().stream()
                        .map(FluxMap.class::cast)
                        .map(v -> v.text("element").orElseThrow() + " "
                                + v.text("rule").orElseThrow() + " "
                                + v.text("severity").orElseThrow())
                        .toList()
                : List.of();
    }

    private static void sends(Peer peer, FluxMap data) throws IOException {
        peer.writeFrame(Payments.STRICT.codec().encode(data));
    }

    @Test
    void aMessageThatKeepsTheRulesHasNoNote() throws Exception {
        try (ServerUnderTest server = server("validation", "enforce");
                Peer peer = server.connect()) {
            sends(peer, purchase());
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("out");
            assertThat(offered.draft().note()).isEqualTo(FluxMap.EMPTY);
            assertThat(server.setup.counted()).isEmpty();
        }
    }

    @Test
    void violationsAreNotedAndCountedAndTheMessageGoesOnUnlessTheyAreEnforced() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            sends(peer, purchase().with("2", Value.of("4242424242424241")).without("41"));
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("out");
            assertThat(violations(offered.draft())).containsExactlyInAnyOrder("2 format reject", "41 mandatory warn");
            assertThat(server.setup.counted()).containsExactlyInAnyOrder("violations.format", "violations.mandatory");
        }
    }

    @Test
    void enforcedTheyLeaveByTheErrorPortWithTheirBytesAndAreAnswered30() throws Exception {
        try (ServerUnderTest server = server("validation", "enforce");
                Peer peer = server.connect()) {
            FluxMap wrong = purchase().with("2", Value.of("4242424242424241"));
            sends(peer, wrong);
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("error");
            assertThat(offered.draft().raw().toArray())
                    .isEqualTo(Payments.STRICT.codec().encode(wrong));
            assertThat(offered.draft().data()).isEqualTo(wrong);
            assertThat(offered.draft().spec()).contains(Payments.STRICT);
            assertThat(violations(offered.draft())).containsExactly("2 format reject");
            assertThat(offered.draft().meta())
                    .containsEntry("error.code", "FLX-3030")
                    .containsEntry("error.reason", "field 2 is not a card number: its check digit is wrong");
            Draft answer = server.door.nextAnswer();
            assertThat(answer.data().text("39")).contains("30");
            assertThat(answer.data().has("2")).isFalse();
            // A rule of severity warn refuses nothing.
            sends(peer, purchase().without("41"));
            Door.Offered warned = server.door.next();
            assertThat(warned.port()).isEqualTo("out");
            assertThat(violations(warned.draft())).containsExactly("41 mandatory warn");
        }
    }

    @Test
    void offLooksAtNothing() throws Exception {
        try (ServerUnderTest server = server("validation", "off");
                Peer peer = server.connect()) {
            sends(peer, purchase().without("2"));
            assertThat(server.door.next().draft().note()).isEqualTo(FluxMap.EMPTY);
            assertThat(server.setup.counted()).isEmpty();
        }
    }
}
