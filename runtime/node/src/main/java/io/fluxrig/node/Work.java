package io.fluxrig.node;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearType.Ports;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What one handling leads to: leaves first, then legs, in the order in which they came up. */
final class Work {
    /** A message on its way to the gears behind a port. */
    private record Leg(GearCell from, String port, Branch branch) {}

    private final Pipeline pipeline;
    private final GearCell gear;
    private final long now;
    private final List<LeafDraft> leaves = new ArrayList<>(4);
    private final List<Leg> legs = new ArrayList<>(2);
    private final List<Runnable> ends = new ArrayList<>(1);
    private final List<Runnable> afterwards = new ArrayList<>(0);
    /** Signals that are born here; they count once nothing can refuse them any more. */
    private int begun;
    /** A signal of which other gears hold branches too: its end must not overtake what they append. */
    private LiveSignal shared;

    Work(Pipeline pipeline, GearCell gear, long now) {
        this.pipeline = pipeline;
        this.gear = gear;
        this.now = now;
    }

    void commit() {
        pipeline.lives().begin(begun);
        List<Runnable> onward = new ArrayList<>(legs.size());
        for (Leg leg : legs) {
            for (Wiring.Target target : pipeline.wiring().from(leg.from().name(), leg.port())) {
                onward.add(way(leg.branch(), target));
            }
        }
        pipeline.vault().append(leaves);
        afterwards.forEach(Runnable::run);
        ends.forEach(Runnable::run);
        onward.forEach(Runnable::run);
    }

    /** What leaves for another Rack is recorded in one unit with what sends it there, so that a crash finds every such branch or none. */
    private Runnable way(Branch branch, Wiring.Target target) {
        Optional<FarEnd> farEnd = target.gear().farEnd();
        return farEnd.isPresent() && pipeline.reachesOtherRacks()
                ? farEnd.get().take(branch, target, now, leaves)
                : () -> pipeline.reach(branch, target);
    }

    /** What a crash interrupted leaves by that port again. */
    void again(LeafDraft redrive, String port, Branch branch) {
        leaves.add(redrive);
        travel(port, branch);
    }

    void leaveWire(LiveSignal signal, Pipeline.Cause leaving, Optional<Outcome.Failed> failure, Runnable recorded) {
        shared = signal.hasOneBranch() ? null : signal;
        failure.ifPresentOrElse(signal::failed, signal::handedOver);
        Runnable ending = () -> signal.endBranch()
                .ifPresentOrElse(end -> close(signal, leaving, end, false, entry -> recorded.run()), recorded);
        if (shared == null) {
            ending.run();
        } else {
            after(ending);
        }
    }

    void enter(LiveSignal signal, String port, Draft draft, Optional<Pipeline.Cause> cause) {
        FluxMsg msg = Messages.born(draft, signal.id(), gear.id(), port, now);
        StorableBody body = StorableBody.of(msg, draft.spec());
        LeafDraft.Builder ingress = pipeline.leaf(LeafKind.INGRESS, now, signal.id(), gear, port, draft.spec())
                .message(body.store(msg))
                .note(draft.note());
        cause.ifPresent(c -> causedBy(ingress, c));
        LeafDraft entered = ingress.build();
        leaves.add(entered);
        pipeline.tap().entered(Pipeline.entered(gear, port, msg, entered));
        Branch branch = new Branch(signal, msg, draft.spec(), entered, body);
        boolean nobodyHandlesErrors = port.equals(Ports.ERROR)
                && pipeline.wiring().from(gear.name(), port).isEmpty();
        if (nobodyHandlesErrors) {
            String code = draft.meta().getOrDefault(Messages.ERROR_CODE, GearError.UNREADABLE.code());
            end(
                    branch,
                    new Outcome.Failed(codeOf(code), draft.meta().getOrDefault(Messages.ERROR_REASON, "unreadable")));
        } else {
            travel(port, branch);
        }
    }

    void bear(Outcome.Birth birth, Pipeline.Cause cause, Optional<String> timer) {
        LiveSignal signal = pipeline.born();
        int before = leaves.size();
        enter(signal, birth.port(), birth.draft(), Optional.of(cause));
        begun++;
        timer.ifPresent(name -> {
            LeafDraft.Builder fired = pipeline.leaf(LeafKind.TIMER, now, signal.id(), gear, "", Optional.empty())
                    .note(FluxMap.EMPTY.with("name", name));
            causedBy(fired, cause);
            leaves.add(before + 1, fired.build());
        });
    }

    void goOn(Branch branch, Outcome.Way way) {
        shared = branch.signal().hasOneBranch() ? null : branch.signal();
        switch (way) {
            case Outcome.Emitted emitted -> emit(branch, emitted);
            case Outcome.Failed failed -> fail(branch, failed);
            case Outcome.Consumed consumed -> end(branch, way);
            case Outcome.Sent sent -> end(branch, way);
        }
    }

    private void emit(Branch branch, Outcome.Emitted emitted) {
        List<Branch> onward = new ArrayList<>(emitted.emissions().size());
        for (Outcome.Emission emission : emitted.emissions()) {
            FluxMsg msg = Messages.emitted(branch.msg(), emission.msg(), gear.id(), emission.port(), now);
            Optional<Spec> spec = emission.spec().isPresent() ? emission.spec() : branch.spec();
            StorableBody body = branch.storable().reuseOr(msg, spec);
            onward.add(recorded(branch, msg, spec, body, emission.port(), false, emission.note()));
        }
        branch.signal().branchInto(onward.size());
        for (int i = 0; i < onward.size(); i++) {
            travel(emitted.emissions().get(i).port(), onward.get(i));
        }
        end(branch, Outcome.Consumed.INSTANCE);
    }

    private Branch recorded(
            Branch branch,
            FluxMsg msg,
            Optional<Spec> spec,
            StorableBody body,
            String port,
            boolean full,
            FluxMap note) {
        LeafDraft.Builder emit = pipeline.leaf(
                        LeafKind.EMIT, now, branch.signal().id(), gear, port, spec)
                .cause(branch.leaf())
                .note(note);
        LeafDraft leaf = (full ? emit.message(body.store(msg)) : emit.digestOf(body.store(msg))).build();
        leaves.add(leaf);
        pipeline.tap().copy(new Fact.Emitted(msg.id(), msg.refId(), msg.trace(), gear.name(), port, leaf.place()));
        return new Branch(branch.signal(), msg, spec, leaf, body);
    }

    private void fail(Branch branch, Outcome.Failed failed) {
        if (pipeline.wiring().from(gear.name(), Ports.ERROR).isEmpty() || Messages.isAtItsLastHop(branch.msg())) {
            end(branch, failed);
            return;
        }
        FluxMsg msg = Messages.failed(branch.msg(), failed, gear.id(), now);
        // What came from outside cannot be computed again, so it is kept in full.
        Branch onward = recorded(
                branch, msg, branch.spec(), branch.storable(), Ports.ERROR, gear.reachesOutside(), FluxMap.EMPTY);
        branch.signal().branchInto(1);
        travel(Ports.ERROR, onward);
        end(branch, Outcome.Consumed.INSTANCE);
    }

    /** Takes a branch to the gears behind a port; without any it ends here. */
    private void travel(String port, Branch branch) {
        List<Wiring.Target> targets = pipeline.wiring().from(gear.name(), port);
        if (targets.isEmpty()) {
            end(branch, Outcome.Consumed.INSTANCE);
            return;
        }
        branch.signal().branchInto(targets.size() - 1);
        legs.add(new Leg(gear, port, branch));
    }

    private void end(Branch branch, Outcome.Way way) {
        if (branch.signal() == shared) {
            after(() -> endNow(branch, way));
        } else {
            endNow(branch, way);
        }
    }

    private void after(Runnable ending) {
        afterwards.add(() -> {
            int before = leaves.size();
            ending.run();
            pipeline.vault().append(List.copyOf(leaves.subList(before, leaves.size())));
        });
    }

    private void endNow(Branch branch, Outcome.Way way) {
        LiveSignal signal = branch.signal();
        switch (way) {
            case Outcome.Failed failed -> signal.failed(failed);
            case Outcome.Sent sent -> signal.sent();
            case Outcome.Consumed consumed -> {}
            case Outcome.Emitted emitted -> throw new IllegalStateException("an emission does not end a branch");
        }
        boolean lastInside = signal.leavesPipeline();
        Optional<Intake.End> end = signal.endBranch();
        if (end.isPresent()) {
            close(signal, new Pipeline.Cause.Fresh(branch.leaf()), end.get(), lastInside, null);
        } else if (lastInside) {
            ends.add(() -> {
                signal.credit().ifPresent(pipeline.credits()::giveBack);
                pipeline.lives().end();
            });
        }
    }

    /**
     * @param inside whether it was in the pipeline until now
     * @param durable told when its end is; null for nobody
     */
    private void close(
            LiveSignal signal, Pipeline.Cause cause, Intake.End end, boolean inside, Consumer<VaultEntry> durable) {
        LeafKind kind = end instanceof Intake.Failure ? LeafKind.FAILED : LeafKind.DONE;
        LeafDraft.Builder last = pipeline.leaf(kind, now, signal.id(), gear, "", Optional.empty())
                .note(Notes.of(end))
                .onDurable(durable);
        causedBy(last, cause);
        leaves.add(last.build());
        ends.add(() -> {
            if (inside) {
                signal.credit().ifPresent(pipeline.credits()::giveBack);
            }
            pipeline.tap().ended(signal.id(), end, now, System.nanoTime() - signal.enteredNanos());
            signal.tell(end);
            pipeline.cannotComeBack(signal);
            // Last: what the sender is told may bring in an answer of its own.
            if (inside) {
                pipeline.lives().end();
            }
        });
    }

    private static void causedBy(LeafDraft.Builder leaf, Pipeline.Cause cause) {
        switch (cause) {
            case Pipeline.Cause.Fresh fresh -> leaf.cause(fresh.leaf());
            case Pipeline.Cause.Recorded recorded -> leaf.cause(recorded.index());
        }
    }

    private static ErrorCode codeOf(String code) {
        for (GearError error : GearError.values()) {
            if (error.code().equals(code)) {
                return error;
            }
        }
        return GearError.UNREADABLE;
    }
}
