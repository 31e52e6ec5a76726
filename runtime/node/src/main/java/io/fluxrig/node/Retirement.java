package io.fluxrig.node;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.Outcome;
import io.fluxrig.scenario.ScenarioError;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a change leaves behind, on its way out. It drains; when its time is over, gears that wait for replies answer by themselves at once, and a moment later what
 * reaches outside is stopped, so that every signal that it still holds fails with a reason.
 */
final class Retirement {
    /** For those answers to be written. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private enum Phase {
        DRAINING,
        LAST_WORDS,
        STOPPED
    }

    private final Leftovers left;
    private final Set<String> names;
    private final ActorContext<?> context;
    private final Tap tap;
    private Phase phase;
    private Instant until;

    private Retirement(
            Leftovers left, Set<String> names, Phase phase, Instant until, ActorContext<?> context, Tap tap) {
        this.left = left;
        this.names = names;
        this.phase = phase;
        this.until = until;
        this.context = context;
        this.tap = tap;
    }

    /** Of gears that ran, which take nothing new from now on and have until then. */
    static Retirement draining(Leftovers left, Set<String> names, Instant until, ActorContext<?> context, Tap tap) {
        left.outside.forEach(cell -> cell.actor().tell(GearCommand.Drain.INSTANCE));
        return new Retirement(left, names, Phase.DRAINING, until, context, tap);
    }

    /** Of gears that were to run and will not. */
    static Retirement atOnce(Leftovers left, Instant now, ActorContext<?> context, Tap tap) {
        Retirement it = new Retirement(left, Set.of(), Phase.LAST_WORDS, now, context, tap);
        it.answerWhatWaits();
        it.stopOutside();
        return it;
    }

    /** Names of the gears that ran. */
    Set<String> names() {
        return names;
    }

    /** True once nothing is left of it; to be asked again and again. */
    boolean isGone(Instant now) {
        if (phase == Phase.DRAINING && now.isAfter(until)) {
            phase = Phase.LAST_WORDS;
            until = now.plus(LAST_WORDS);
            answerWhatWaits();
        } else if (phase == Phase.LAST_WORDS && (nothingWaits() || now.isAfter(until))) {
            stopOutside();
        }
        boolean over = phase == Phase.STOPPED ? left.idle() : left.drained();
        if (over) {
            left.outside.forEach(cell -> context.stop(cell.actor()));
            left.inside.forEach(context::stop);
        }
        return over;
    }

    private boolean nothingWaits() {
        return left.openExchanges() == 0 && left.inFlight() == 0;
    }

    private void answerWhatWaits() {
        long waiting = left.openExchanges();
        if (waiting > 0) {
            tap.count(Tap.Total.CUT_SHORT, waiting);
            context.getLog()
                    .warn("{} exchanges outlast the drain: they are answered as if their time were over", waiting);
            left.waiting.forEach(actor -> actor.tell(SimpleCell.GiveUp.INSTANCE));
        }
    }

    private void stopOutside() {
        phase = Phase.STOPPED;
        for (ActorCell cell : left.outside) {
            int owed = cell.giveUp(Outcome.fail(
                    ScenarioError.DRAIN_ENDED, "'" + cell.name() + "' was stopped before it had answered for this"));
            if (owed > 0) {
                tap.count(Tap.Total.CUT_SHORT, owed);
                context.getLog().warn("gear '{}' is stopped with {} signals unanswered", cell.name(), owed);
            }
            context.stop(cell.actor());
        }
    }

    long openExchanges() {
        return left.openExchanges();
    }

    int inFlight() {
        return left.inFlight();
    }
}
