package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.Opening;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a Rack's log once a second: tells how far its opening is, that its disk is slow, and that it stopped although nobody was writing. A slow disk makes a node degraded,
 * never unready: what it acknowledges is still durable, only later.
 */
final class LogWatch {
    /** How long a disk must be quick again. */
    private static final int QUIET_LOOKS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
    private static final Duration RHYTHM = Duration.ofSeconds(1);

    enum Look {
        NOW
    }

    private final Path dir;
    private final RackBoard board;
    private final Duration limit;
    private final Consumer<FluxException> stopped;
    private int slow;

    private LogWatch(Path dir, RackBoard board, Duration limit, Consumer<FluxException> stopped) {
        this.dir = dir;
        this.board = board;
        this.limit = limit;
        this.stopped = stopped;
    }

    /**
     * @param limit how long an fsync may take before the node calls itself degraded
     * @param stopped told why the log takes nothing more, at most once
     */
    static Behavior<Look> create(Path dir, RackBoard board, Duration limit, Consumer<FluxException> stopped) {
        return Behaviors.withTimers((TimerScheduler<Look> timers) -> {
            timers.startTimerWithFixedDelay(Look.NOW, RHYTHM);
            LogWatch watch = new LogWatch(dir, board, limit, stopped);
            return Behaviors.receiveMessage(look -> watch.look());
        });
    }

    private Behavior<Look> look() {
        Opening.percent(dir)
                .ifPresent(percent -> board.recovering("reading the log: " + percent + " % of what is due"));
        Optional<Wal> open = Wal.over(dir);
        Optional<FluxException> failure = open.flatMap(Wal::failure);
        if (failure.isPresent()) {
            stopped.accept(failure.get());
            return Behaviors.stopped();
        }
        open.ifPresent(wal -> speed(wal.stats().longestFsync(System.nanoTime())));
        return Behaviors.same();
    }

    private void speed(long longest) {
        if (longest > limit.toNanos()) {
            FluxException notice = new FluxException(
                    NodeError.SLOW_DISK,
                    "an fsync of the log took " + longest / 1_000_000 + " ms, more than " + limit.toMillis() + " ms");
            if (slow == 0) {
                LOG.warn("{}", notice.line());
            }
            slow = QUIET_LOOKS;
            board.degraded(notice.line());
        } else if (slow > 0 && --slow == 0) {
            LOG.info("the log's disk is quick again");
            board.degraded("");
        }
    }
}
