package io.fluxrig.node;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;

/** Hands branches to a gear in its full form, and keeps track of what it has not answered yet. */
final class ActorCell {
    private final Pipeline pipeline;
    private final GearCell cell;
    private final ActorRef<GearCommand> actor;
    private final Set<Handover> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    ActorCell(Pipeline pipeline, GearCell cell, ActorRef<GearCommand> actor) {
        this.pipeline = pipeline;
        this.cell = cell;
        this.actor = actor;
    }

    void accept(Branch branch, String port) {
        Handover handover = new Handover(branch);
        if (stopped) {
            handover.fail();
            return;
        }
        unanswered.add(handover);
        actor.tell(new GearCommand.Deliver(new Signal(branch.msg(), port, branch.spec()), handover));
        if (stopped) {
            handover.fail();
        }
    }

    ActorRef<GearCommand> actor() {
        return actor;
    }

    /** The gear's actor is gone: everything that it still owed an answer fails with a reason. */
    void stopped() {
        stopped = true;
        cell.ready(false);
        unanswered.forEach(Handover::fail);
    }

    private final class Handover implements GearCommand.Delivery {
        private final Branch branch;
        private final AtomicBoolean answered = new AtomicBoolean();

        Handover(Branch branch) {
            this.branch = branch;
        }

        @Override
        public void answer(Outcome outcome) {
            if (answered.compareAndSet(false, true)) {
                unanswered.remove(this);
                pipeline.answered(cell, branch, outcome, pipeline.now());
            }
        }

        void fail() {
            answer(Outcome.fail(GearError.GEAR_STOPPED, "'" + cell.name() + "' has stopped"));
        }
    }
}
