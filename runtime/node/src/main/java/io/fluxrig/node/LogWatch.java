package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.Opening;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Looks at a Rack's log once a second: tells how far its opening is, and that it stopped although nobody was writing. */
final class LogWatch {
    private static final Duration RHYTHM = Duration.ofSeconds(1);

    enum Look {
        NOW
    }

    private LogWatch() {}

    /** @param stopped told why the log takes nothing more, at most once */
    static Behavior<Look> create(Path dir, RackBoard board, Consumer<FluxException> stopped) {
        return Behaviors.withTimers((TimerScheduler<Look> timers) -> {
            timers.startTimerWithFixedDelay(Look.NOW, RHYTHM);
            return Behaviors.receiveMessage((Look look) -> {
                Opening.percent(dir)
                        .ifPresent(percent -> board.recovering("reading the log: " + percent + " % of what is due"));
                for (Wal wal : Wal.running()) {
                    if (wal.dir().equals(dir) && wal.failure().isPresent()) {
                        stopped.accept(wal.failure().get());
                        return Behaviors.stopped();
                    }
                }
                return Behaviors.same();
            });
        });
    }
}
