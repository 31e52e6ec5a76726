package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalSettings;
import io.fluxrig.wal.WalWrite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F19: a node says that its disk is slow, and goes on. */
class LogWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static void appendOne(Wal wal) {
        wal.append(List.of(WalWrite.of("a", wal.highestSequenceNr("a") + 1, 1, "m", new byte[100])))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aDiskSlowerThanTheLimitMakesANodeDegradedUntilItIsQuickAgain(@TempDir Path dir) {
        Tap tap = new Tap();
        RackBoard board = new RackBoard(tap);
        ActorTestKit kit = ActorTestKit.create();
        try (tap;
                Wal wal = Wal.open(WalSettings.defaults(dir, "rack-a"))) {
            kit.spawn(LogWatch.create(dir, board, Duration.ofNanos(1), failure -> {}));
            await().atMost(PATIENCE).until(() -> {
                appendOne(wal);
                return board.status().degraded().contains("FLX-6071");
            });
            await().atMost(PATIENCE).until(() -> board.status().degraded().isEmpty());
            assertThat(board.status().phase()).isEqualTo(NodeStatus.Phase.STARTING);
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void aDiskWithinTheLimitIsNotSpokenOf(@TempDir Path dir) {
        Tap tap = new Tap();
        RackBoard board = new RackBoard(tap);
        ActorTestKit kit = ActorTestKit.create();
        try (tap;
                Wal wal = Wal.open(WalSettings.defaults(dir, "rack-a"))) {
            kit.spawn(LogWatch.create(dir, board, Duration.ofMinutes(5), failure -> {}));
            await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> {
                appendOne(wal);
                return board.status().degraded().isEmpty();
            });
        } finally {
            kit.shutdownTestKit();
        }
    }
}
