package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signal that another Rack has handed over, and that a crash met before it left. */
class DrivenAgainTest {
    private static final String WIRE = "door.out>gate.in";

    @TempDir
    private Path folder;

    private final int port = LiveSwitch.freePort();

    DrivenAgainTest() throws IOException {}

    private String scenario(String lane) {
        return "meta: { name: pair, version: 1.0.0 }\n"
                + "racks: [{ name: rack-a }, { name: rack-b }]\n"
                + "gears:\n"
                + "  - { name: door, type: tcp-server, deploy: rack-a, config: { listen: \"127.0.0.1:" + port
                + "\", sender-timeout: 1h } }\n"
                + "  - { name: gate, type: gate, deploy: rack-b }\n"
                + "  - { name: link, type: slow-link, deploy: rack-b }\n"
                + "wires:\n"
                + "  - { from: door.out, to: gate.in }\n"
                + "  - { from: gate.out, to: link.in, lane: " + lane + " }\n";
    }

    /** The disk as it is while the signal is inside: what a crash at this moment leaves. */
    private Path crashed(String lane) throws Exception {
        SlowGears.Gate.open = new CountDownLatch(1);
        Path copy = folder.resolve("after");
        try (PairOfRacks pair = new PairOfRacks(folder.resolve("before"))) {
            pair.start(Optional.of(pair.sign(1, scenario(lane))));
            pair.hostOther();
            PairOfRacks.send(port, "signal");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> pair.books("rack-a").handedOver(WIRE).size() == 1);
            copy(folder.resolve("before"), copy);
            SlowGears.Gate.open.countDown();
        }
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (NoSuchFileException renamed) {
                    // A small file on its way under its name: the one before it is as good.
                }
            }
        }
    }

    private static List<String> course(Path data) {
        List<String> kinds = new ArrayList<>();
        VaultReader.at(data.resolve("racks/rack-b/wal")).forEach((Leaf leaf) -> {
            if (leaf.id() != 0) {
                kinds.add(leaf.kind()
                        + leaf.note()
                                .text("outcome")
                                .or(leaf::code)
                                .map(o -> " " + o)
                                .orElse(""));
            }
        });
        return kinds;
    }

    private List<String> restarted(String lane) throws Exception {
        Path after = crashed(lane);
        try (PairOfRacks pair = new PairOfRacks(after)) {
            pair.start(Optional.empty());
            pair.hostOther();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> course(after.resolve("data")).stream().anyMatch(kind -> kind.contains(" ")));
            pair.close();
            pair.books("rack-b").areInOrder();
            return course(after.resolve("data"));
        }
    }

    @Test
    void isDrivenToItsEndOnceItsLinkIsUp() throws Exception {
        assertThat(restarted("guaranteed")).containsExactly("ingress", "redrive", "emit", "egress", "done sent");
    }

    @Test
    void isNotDrivenAgainWhereItMayHaveLeftBeforeThatWasRecorded() throws Exception {
        assertThat(restarted("hot")).containsExactly("ingress", "failed FLX-6001");
    }
}
