package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.cli.WireBooks.Entry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wire from a gear on one Rack to a gear on another. */
class WiresBetweenRacksTest {
    private static final String WIRE = "door.out>sink.in";

    @TempDir
    private Path folder;

    private final int port = LiveSwitch.freePort();

    WiresBetweenRacksTest() throws Exception {}

    private String scenario(String senderTimeout, String more) {
        return "meta: { name: pair, version: 1.0.0 }\n"
                + "racks: [{ name: rack-a }, { name: rack-b }]\n"
                + "gears:\n"
                + "  - { name: door, type: tcp-server, deploy: rack-a, config: { listen: \"127.0.0.1:" + port
                + "\", sender-timeout: " + senderTimeout + " } }\n"
                + "  - { name: sink, type: log, deploy: rack-b, config: { level: debug } }\n"
                + "wires:\n  - { from: door.out, to: sink.in }\n" + more;
    }

    private static String[] texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "signal " + i).toArray(String[]::new);
    }

    private static void await(String what, org.awaitility.core.ThrowingRunnable fact) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(fact);
    }

    @Test
    void aSignalEndsOnOneRackAndGoesOnUnderItsIdOnTheOther() throws Exception {
        try (PairOfRacks pair = new PairOfRacks(folder)) {
            pair.start(Optional.of(pair.sign(1, scenario("1h", ""))));
            pair.hostOther();
            PairOfRacks.send(port, texts(0, 100));
            await(
                    "everything arrives",
                    () -> assertThat(pair.books("rack-a").handedOver(WIRE)).hasSize(100));
            pair.close();

            List<Entry> left = pair.books("rack-a").handedOver(WIRE);
            assertThat(left).extracting(Entry::text).containsExactly(texts(0, 100));
            assertThat(pair.books("rack-b").arrived(WIRE)).isEqualTo(left);
            pair.books("rack-a").areInOrder();
            pair.books("rack-b").areInOrder();
        }
    }

    @Test
    void whatWaitsForARackThatIsAwayOutlastsARestart() throws Exception {
        try (PairOfRacks pair = new PairOfRacks(folder)) {
            byte[] artifact = pair.sign(1, scenario("1h", ""));
            pair.start(Optional.of(artifact));
            // More than there are credits: the wire's own bound holds what waits on it.
            PairOfRacks.send(port, texts(0, 3_000));
            await(
                    "the backlog is told",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isEqualTo(3_000));
            assertThat(wire(pair).path("state").asText()).isEqualTo("away");
            assertThat(DemoTest.fluxrig("status", "--api", pair.api()).out())
                    .contains("wire door.out>sink.in to rack-b away, 3,000 signals wait");
            assertThat(scraped(pair))
                    .contains(
                            "fluxrig_wire_backlog{rack=\"rack-b\",wire=\"door.out>sink.in\"} 3000.0",
                            "fluxrig_wire_backlog_age_seconds{rack=\"rack-b\",wire=\"door.out>sink.in\"} ");
            pair.close();

            pair.start(Optional.of(artifact));
            PairOfRacks.send(port, texts(3_000, 3_100));
            await(
                    "the backlog is remembered",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isEqualTo(3_100));
            pair.hostOther();
            await(
                    "everything arrives",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isZero());
            assertThat(wire(pair).path("state").asText()).isEqualTo("open");
            pair.close();

            List<Entry> left = pair.books("rack-a").handedOver(WIRE);
            assertThat(left).extracting(Entry::text).containsExactly(texts(0, 3_100));
            assertThat(pair.books("rack-b").arrived(WIRE)).isEqualTo(left);
            pair.books("rack-a").areInOrder();
            pair.books("rack-b").areInOrder();
        }
    }

    @Test
    void whatGearsSayAtARestartComesBehindWhatWaited() throws Exception {
        try (PairOfRacks pair = new PairOfRacks(folder)) {
            byte[] artifact = pair.sign(
                    1,
                    scenario("1h", "  - { from: reminder.out, to: sink.in }\n")
                            .replace("gears:\n", "gears:\n  - { name: reminder, type: reminder, deploy: rack-a }\n")
                            .replace("to: sink.in }\n  -", "to: reminder.in }\n  -"));
            pair.start(Optional.of(artifact));
            PairOfRacks.send(port, texts(0, 3_000));
            await(
                    "all wait",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isEqualTo(3_000));
            pair.close();

            pair.start(Optional.of(artifact));
            await(
                    "one more is born, for it was overdue",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isEqualTo(3_001));
            pair.hostOther();
            await(
                    "the wire drains",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isZero());
            pair.close();

            List<Entry> left = pair.books("rack-a").handedOver("reminder.out>sink.in");
            assertThat(left.getLast().text()).isEqualTo(ReminderGearType.OVERDUE);
            assertThat(pair.books("rack-b").arrived("reminder.out>sink.in")).isEqualTo(left);
            pair.books("rack-a").areInOrder();
            pair.books("rack-b").areInOrder();
        }
    }

    @Test
    void aSignalForWhichNobodyWaitsAnyMoreIsNotHandedOver() throws Exception {
        try (PairOfRacks pair = new PairOfRacks(folder)) {
            pair.start(Optional.of(pair.sign(1, scenario("300ms", ""))));
            PairOfRacks.send(port, texts(0, 10));
            await(
                    "they are closed",
                    () -> assertThat(pair.books("rack-a").failed("FLX-3005")).isEqualTo(10));
            pair.hostOther();
            await(
                    "the wire is open",
                    () -> assertThat(wire(pair).path("state").asText()).isEqualTo("open"));
            PairOfRacks.send(port, "in time");
            await(
                    "one arrives",
                    () -> assertThat(pair.books("rack-b").arrived(WIRE))
                            .extracting(Entry::text)
                            .containsExactly("in time"));
            pair.close();
            pair.books("rack-a").areInOrder();
            pair.books("rack-b").areInOrder();
        }
    }

    @Test
    void aFullWireRefusesWithANumber() throws Exception {
        try (PairOfRacks pair = new PairOfRacks(folder)) {
            pair.start(Optional.of(pair.sign(1, scenario("1h", "limits: { wire-backlog: 5 }\n"))));
            PairOfRacks.send(port, texts(0, 8));
            await(
                    "three are refused",
                    () -> assertThat(pair.books("rack-a").failed("FLX-6080")).isEqualTo(3));
            pair.hostOther();
            await(
                    "five arrive",
                    () -> assertThat(pair.books("rack-b").arrived(WIRE))
                            .extracting(Entry::text)
                            .containsExactly(texts(0, 5)));
            await(
                    "there is room again",
                    () -> assertThat(wire(pair).path("backlog").asInt()).isZero());
            PairOfRacks.send(port, "one more");
            await(
                    "it arrives",
                    () -> assertThat(pair.books("rack-b").arrived(WIRE)).hasSize(6));
            pair.close();
            pair.books("rack-a").areInOrder();
            pair.books("rack-b").areInOrder();
        }
    }

    /** What a program is told of the wire. */
    private static JsonNode wire(PairOfRacks pair) throws Exception {
        return DemoTest.fluxrig("status", "--api", pair.api(), "--json")
                .json()
                .path("wires")
                .path(0);
    }

    private static String scraped(PairOfRacks pair) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(pair.api() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
