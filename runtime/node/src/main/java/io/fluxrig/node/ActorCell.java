package io.fluxrig.node;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;

/** Hands branches to a gear in its full form, and keeps track of what it has not answered yet. */
final class ActorCell {
    private final GearCell cell;
    private final Set<Handover> unanswered = ConcurrentHashMap.newKeySet();
    /** What came while the actor was being made: a port that is handed over open does not wait. */
    private final List<GearCommand> early = new ArrayList<>();

    private volatile ActorRef<GearCommand> actor;
    /** What becomes of everything that comes from now on; null as long as the gear works. */
    private volatile Outcome ended;

    ActorCell(GearCell cell) {
        this.cell = cell;
        cell.startedWith(this::accept);
    }

    synchronized void started(ActorRef<GearCommand> its) {
        early.forEach(its::tell);
        early.clear();
        actor = its;
    }

    private void accept(Branch branch, String port) {
        Handover handover = new Handover(branch, port);
        if (ended != null) {
            handover.answer(ended);
            return;
        }
        unanswered.add(handover);
        deliver(new GearCommand.Deliver(new Signal(branch.msg(), port, branch.spec()), handover));
        if (ended != null) {
            handover.answer(ended);
        }
    }

    private void deliver(GearCommand command) {
        ActorRef<GearCommand> its = actor;
        if (its != null) {
            its.tell(command);
            return;
        }
        synchronized (this) {
            if (actor != null) {
                actor.tell(command);
            } else {
                early.add(command);
            }
        }
    }

    ActorRef<GearCommand> actor() {
        return actor;
    }

    String name() {
        return cell.name();
    }

    /** The gear's actor is gone: everything that it still owed an answer fails with a reason. */
    void stopped() {
        giveUp(Outcome.fail(GearError.GEAR_STOPPED, "'" + cell.name() + "' has stopped"));
    }

    /** Its time is over: what it still owes an answer ends so. Returns how many signals these are. */
    int giveUp(Outcome how) {
        if (ended == null) {
            ended = how;
        }
        cell.ready(false);
        int owed = 0;
        for (Handover handover : unanswered) {
            owed += handover.end(ended) ? 1 : 0;
        }
        return owed;
    }

    private final class Handover implements GearCommand.Delivery {
        private final Branch branch;
        private final String port;
        private final long at;
        private final long since = System.nanoTime();
        private final AtomicBoolean answered = new AtomicBoolean();

        Handover(Branch branch, String port) {
            this.branch = branch;
            this.port = port;
            this.at = branch.signal().pipeline().now();
        }

        @Override
        public void answer(Outcome outcome) {
            end(outcome);
        }

        /** False where it had been answered before. */
        boolean end(Outcome outcome) {
            if (!answered.compareAndSet(false, true)) {
                return false;
            }
            unanswered.remove(this);
            Pipeline pipeline = branch.signal().pipeline();
            pipeline.took(cell, branch, port, at, System.nanoTime() - since);
            pipeline.answered(cell, branch, outcome, pipeline.now());
            return true;
        }
    }
}
