package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.cli.WireBooks.Entry;
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
            pair.hostB();
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
}
