package io.fluxrig.replay;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Outcome;
import io.fluxrig.node.Messages;
import io.fluxrig.node.OfflinePipeline;
import io.fluxrig.node.OfflinePipeline.Waiting;
import io.fluxrig.node.Recall;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioError;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafAgain;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.Stored;
import io.fluxrig.vault.VaultReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Drives what a vault recorded once more through the same scenario, with the recorded times, ids and outside facts, and compares every leaf that the
 * gears inside lead to, byte for byte.
 */
public final class Replay {
    /** How far ahead the replay looks for the ids of signals that one handling gave birth to. */
    private static final int LOOK_AHEAD = 256;

    private static final int MAX_TOLD = 100;

    /** Sequences of gears that only the other scenario has. */
    private static final long FIRST_NEW_SEQUENCE = 1L << 39;

    private final ReplayQuestion question;
    private final DataKeys keys;
    private final GearTypes types;
    private final LongConsumer progress;
    private final Artifacts artifacts;
    private final VaultReader vault;
    private final Map<String, Long> newGears = new HashMap<>();
    private final Set<Long> diverged = new HashSet<>();
    private Explanation explanation;
    private final Deque<Leaf> ahead = new ArrayDeque<>();
    private final List<ReplayReport.Difference> told = new ArrayList<>();

    /** Pipelines of this run of the Rack by scenario; signals that are under way end in the one that they entered. */
    private final Map<Bytes, OfflinePipeline> pipelines = new HashMap<>();

    /** That of the leaf at hand. */
    private OfflinePipeline pipeline;

    private OfflinePipeline newest;
    private int machine;
    private final Deque<LeafDraft> expected = new ArrayDeque<>();
    private final Map<LeafDraft, List<Waiting>> arrived = new IdentityHashMap<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private long startedAt = -1;
    private long lastAtBeforeStart;
    private long lastAt;
    private long lastAtSeen;
    private long leaves;
    private long compared;
    private long handlings;
    private long outside;
    private long differences;

    private Replay(ReplayQuestion question, LongConsumer progress) {
        this.question = question;
        this.keys = question.keys;
        this.types = question.types;
        this.progress = progress;
        this.vault = question.vault;
        this.artifacts = question.artifacts;
        this.explanation = new Explanation(keys, artifacts::spec, Changes.none());
    }

    /** The whole log, through the scenarios that were in force. */
    public static ReplayReport run(RackFiles rack, DataKeys keys, GearTypes types, LongConsumer progress) {
        return run(ReplayQuestion.of(rack, keys, types), progress);
    }

    /**
     * @param progress told the number of leaves so far
     * @throws FluxException where an artifact or spec that the vault names is not here or was altered
     */
    public static ReplayReport run(ReplayQuestion question, LongConsumer progress) {
        return new Replay(question, progress).run();
    }

    private ReplayReport run() {
        Optional<ReplayJob.Progress> before = question.job.flatMap(ReplayJob::load);
        before.ifPresent(this::goOn);
        long first = before.map(ReplayJob.Progress::leaf).orElseGet(this::beginning);
        vault.from(first, leaf -> {
            if (leaf.n() >= question.scope.to()) {
                return false;
            }
            ahead.add(leaf);
            if (ahead.size() > LOOK_AHEAD) {
                step(ahead.poll());
            }
            return true;
        });
        while (!ahead.isEmpty()) {
            step(ahead.poll());
        }
        question.job.ifPresent(ReplayJob::done);
        return new ReplayReport(leaves, compared, handlings, outside, differences, told);
    }

    private void goOn(ReplayJob.Progress progress) {
        lastAt = progress.lastAt();
        compared = progress.compared();
        handlings = progress.handlings();
        outside = progress.outside();
        differences = progress.differences();
    }

    /** The last start of the Rack before the range: there its gears began anew. */
    private long beginning() {
        long[] found = {0};
        if (question.scope.from() > 0) {
            vault.from(0, leaf -> {
                if (leaf.is(LeafKind.CONTROL) && isStart(leaf)) {
                    found[0] = leaf.n();
                    lastAt = lastAtSeen;
                }
                lastAtSeen = leaf.at();
                return leaf.n() < question.scope.from();
            });
        }
        return found[0];
    }

    private static boolean isStart(Leaf leaf) {
        return leaf.note().text("event").orElse("").equals("started");
    }

    private void step(Leaf leaf) {
        leaves++;
        progress.accept(leaves);
        if (leaf.is(LeafKind.CONTROL)) {
            control(leaf);
        } else if (!leaf.scn().isEmpty() && !diverged.contains(leaf.id())) {
            pipelineOf(leaf);
            if (!expected.isEmpty()) {
                compare(leaf);
            } else {
                cause(leaf);
                if (!expected.isEmpty()) {
                    compare(leaf);
                }
            }
        }
        lastAt = leaf.at();
    }

    private void control(Leaf leaf) {
        switch (leaf.note().text("event").orElse("")) {
            case "started" -> {
                lastAtBeforeStart = lastAt;
                startedAt = leaf.n();
                question.job.ifPresent(job ->
                        job.save(new ReplayJob.Progress(leaf.n(), lastAt, compared, handlings, outside, differences)));
                diverged.clear();
                pipelines.clear();
                newest = null;
                expected.clear();
                arrived.clear();
                waiting.clear();
            }
            case "activated" -> {
                boolean again = newest != null
                        && leaf.note().get("artifact") instanceof Value.Bin artifact
                        && pipelines.containsKey(artifact.value())
                        && !artifact.value().equals(newest.identity());
                if (again) {
                    // A Rack returned to what it ran before: a pipeline of its own.
                    follow(((Value.Bin) leaf.note().get("artifact")).value());
                }
            }
            default -> {
                // nothing that moves a signal
            }
        }
    }

    /** A pipeline is made fresh for each start, told its past as the Rack told it; one that takes over while the Rack runs follows the one before. */
    private void pipelineOf(Leaf leaf) {
        if (isByRecovery(leaf)) {
            return;
        }
        machine = new FluxEntityId(leaf.gear()).machine();
        pipeline = pipelines.get(leaf.scn());
        if (pipeline == null) {
            boolean first = newest == null;
            pipeline = follow(leaf.scn());
            if (first && startedAt > 0) {
                recall(leaf.at());
            }
        }
    }

    /** A signal that a crash interrupted ended without a gear: failed, or taken by another Rack later. */
    private static boolean isByRecovery(Leaf leaf) {
        return (leaf.is(LeafKind.FAILED) || leaf.is(LeafKind.DONE)) && leaf.gear() == 0;
    }

    private OfflinePipeline follow(Bytes scn) {
        Scenario recorded = artifacts.scenario(scn);
        Scenario scenario = question.with.orElse(recorded);
        if (question.with.isPresent()) {
            explanation = new Explanation(keys, artifacts::spec, Changes.between(recorded, scenario));
        }
        scenario.gears().stream()
                .filter(gear -> types.find(gear.type()).isEmpty())
                .findFirst()
                .ifPresent(gear -> {
                    throw new FluxException(
                            ScenarioError.UNKNOWN_TYPE,
                            "gear '" + gear.name() + "' is of type '" + gear.type() + "', which is not here");
                });
        newest = new OfflinePipeline(
                Optional.ofNullable(newest),
                scn,
                scenario,
                Optional.of(question.rack),
                artifacts.specsOf(scenario),
                types,
                gear -> artifacts
                        .gear(recorded.name(), gear)
                        .or(() -> question.with.map(other -> sequenceOfNew(gear)))
                        .map(s -> FluxEntityId.of(FluxEntityId.Type.GEAR, machine, s)),
                new Watch());
        pipelines.put(scn, newest);
        return newest;
    }

    /** A gear that the recorded scenario does not have gets an id that no Rack has minted yet. */
    private long sequenceOfNew(String gear) {
        return newGears.computeIfAbsent(gear, name -> FIRST_NEW_SEQUENCE + newGears.size());
    }

    private void recall(long at) {
        Recall recall = new Recall(keys, lastAtBeforeStart - pipeline.memory().toNanos(), pipeline.inPorts());
        vault.forEach(past -> {
            if (past.n() < startedAt) {
                recall.see(past);
            }
        });
        recall.past().stream().filter(p -> pipeline.isInside(p.gear())).forEach(past -> pipeline.recall(past, at));
    }

    private final class Watch implements OfflinePipeline.Watcher {
        @Override
        public void leaves(List<LeafDraft> unit) {
            expected.addAll(unit);
        }

        @Override
        public void waiting(Waiting branch) {
            arrived.computeIfAbsent(branch.leaf(), l -> new ArrayList<>(1)).add(branch);
        }
    }

    /** The next leaf that the pipeline leads to must be the recorded one. */
    private void compare(Leaf leaf) {
        LeafDraft draft = expected.poll();
        if (question.scope.includes(leaf)) {
            compared++;
        }
        Optional<Boolean> same = LeafAgain.isSame(draft, leaf, keys, question.with.isPresent());
        if (same.isPresent() && !same.get()) {
            differ(leaf, explanation.between(draft, leaf, nameOf(leaf)));
            if (!LeafAgain.isOf(draft, leaf) || !LeafAgain.portOf(draft).equals(leaf.port())) {
                diverge(leaf);
                return;
            }
        }
        LeafAgain.standsAt(draft, leaf.n());
        List<Waiting> here = arrived.remove(draft);
        if (here != null) {
            here.forEach(branch -> waiting.put(place(leaf.n(), branch), branch));
        }
    }

    /** The signal goes another way now: what was recorded of it from here on has nothing to be compared with. */
    private void diverge(Leaf leaf) {
        expected.clear();
        arrived.clear();
        diverged.add(leaf.id());
    }

    private static String place(long leaf, long gear) {
        return leaf + "/" + gear;
    }

    /** A gear may have several wires to other Racks by one port. */
    private static String place(long leaf, Waiting branch) {
        return place(leaf, branch.gear()) + (branch.beforeWire() ? "/" + branch.port() : "");
    }

    /** What waits there for the outside: a gear that reaches it, or a wire to another Rack. */
    private Waiting takeWaiting(Leaf leaf, String wire) {
        return waiting.remove(place(leaf.in(), leaf.gear()) + (wire.isEmpty() ? "" : "/" + wire));
    }

    private static boolean isWire(String port) {
        return port.indexOf('>') > 0;
    }

    /** Finds out what led to this leaf and does it again. */
    private void cause(Leaf leaf) {
        switch (leaf.kind()) {
            case "ingress" -> {
                if (isWire(leaf.port())) {
                    arrive(leaf);
                } else if (leaf.in() < 0) {
                    enter(leaf);
                } else {
                    born(leaf);
                }
            }
            case "egress" -> {
                Waiting branch = takeWaiting(leaf, isWire(leaf.port()) ? leaf.port() : "");
                if (branch == null) {
                    lost(leaf, "nothing leaves there");
                } else if (branch.beforeWire()) {
                    branch.in().cross(branch, leaf.note(), leaf.at());
                } else {
                    branch.in().depart(branch, leaf.at());
                }
            }
            case "emit", "done", "failed" -> handled(leaf);
            case "redrive" -> redrive(leaf);
            default -> outside++;
        }
    }

    private void enter(Leaf leaf) {
        outside++;
        if (pipeline.nameOf(leaf.gear()).isEmpty()) {
            diverge(leaf);
            differ(leaf, explanation.outside(leaf, nameOf(leaf), "no gear of the scenario takes it in"));
            return;
        }
        live(leaf).flatMap(message -> byTheSpecOfNow(leaf, message)).ifPresent(read -> {
            FluxMsg message = read.message();
            Draft draft =
                    new Draft(message.refId(), message.meta(), message.data(), message.raw(), read.spec(), leaf.note());
            pipeline.enter(leaf.gear(), leaf.port(), draft, leaf.id(), leaf.at());
        });
    }

    /** Handed over by another Rack. */
    private void arrive(Leaf leaf) {
        outside++;
        Optional<FluxMsg> message = live(leaf);
        if (message.isPresent()
                && !pipeline.arrive(leaf.port(), message.get(), artifacts.spec(leaf.spec()), leaf.note(), leaf.at())) {
            diverge(leaf);
            differ(leaf, explanation.outside(leaf, nameOf(leaf), "no wire of that name ends here"));
        }
    }

    private record Read(FluxMsg message, Optional<Spec> spec) {}

    /** Where another scenario reads a port by another spec, the bytes are read by that one. */
    private Optional<Read> byTheSpecOfNow(Leaf leaf, FluxMsg message) {
        Optional<Spec> recorded = artifacts.spec(leaf.spec());
        Optional<Spec> now = question.with.isPresent() ? specOf(nameOf(leaf)) : recorded;
        boolean same = now.map(Spec::sha256).equals(recorded.map(Spec::sha256));
        if (same || now.isEmpty()) {
            return Optional.of(new Read(message, now));
        }
        byte[] raw = message.raw().toArray();
        if (now.get().codec().decode(raw, 0, raw.length) instanceof Codec.Decoded.Ok ok) {
            return Optional.of(new Read(message.toBuilder().data(ok.data()).build(), now));
        }
        diverge(leaf);
        differ(leaf, explanation.outside(leaf, nameOf(leaf), "unreadable by the spec of that port"));
        return Optional.empty();
    }

    private Optional<Spec> specOf(String gear) {
        Scenario scenario = question.with.orElseThrow();
        return scenario.gears().stream()
                .filter(def -> def.name().equals(gear))
                .findFirst()
                .flatMap(def -> def.config().text("spec"))
                .map(reference -> artifacts.specsOf(scenario).get(reference));
    }

    /** The message with harmless values in the place of those that were never stored. */
    private Optional<FluxMsg> live(Leaf leaf) {
        Optional<FluxMsg> stored = LeafForm.message(leaf, keys);
        List<Stored.Red> red = leaf.red();
        if (stored.isEmpty() || red.isEmpty()) {
            return stored;
        }
        Codec codec = artifacts.spec(leaf.spec()).map(Spec::codec).orElseThrow();
        List<Codec.Red> removed = red.stream()
                .map(r -> new Codec.Red(r.path(), r.offset(), r.length()))
                .toList();
        byte[] raw = codec.refill(stored.get().raw().toArray(), removed);
        if (codec.decode(raw, 0, raw.length) instanceof Codec.Decoded.Ok ok) {
            return Optional.of(stored.get().toBuilder()
                    .raw(Bytes.wrap(raw))
                    .data(ok.data())
                    .build());
        }
        differ(leaf, explanation.outside(leaf, nameOf(leaf), "unreadable by its spec"));
        return Optional.empty();
    }

    /** A signal was born inside: by a timer, or while a gear handled another. */
    private void born(Leaf leaf) {
        Leaf next = ahead.peek();
        List<Long> ids = idsBorn(leaf);
        if (next != null && next.is(LeafKind.TIMER) && next.id() == leaf.id()) {
            handlings++;
            pipeline.timer(leaf.gear(), next.note().text("name").orElse(""), leaf.at(), ids);
            if (expected.isEmpty()) {
                lost(leaf, "no timer runs there, or it leads to nothing");
            }
            return;
        }
        handle(leaf, ids);
    }

    private void handled(Leaf leaf) {
        Waiting branch = waiting.get(place(leaf.in(), leaf.gear()));
        if (leaf.gear() == 0) {
            outside++; // closed by the recovery after a crash
        } else if (branch != null && branch.onWire()) {
            leftWire(branch, leaf);
        } else if (branch == null && failsBeforeWire(leaf)) {
            outside++;
        } else if (pipeline.isInside(leaf.gear())) {
            handle(leaf, List.of());
        } else {
            outsideAnswered(leaf);
        }
    }

    /** Another Rack took what was on the wire, or never will. */
    private void leftWire(Waiting branch, Leaf leaf) {
        outside++;
        waiting.remove(place(leaf.in(), leaf.gear()));
        Optional<Outcome.Failed> failure =
                recordedOutcome(leaf).way() instanceof Outcome.Failed failed ? Optional.of(failed) : Optional.empty();
        branch.in().leftWire(branch, failure, leaf.at());
    }

    /** A wire to another Rack was full, or nobody waited for the signal any more. */
    private boolean failsBeforeWire(Leaf leaf) {
        String atWire = place(leaf.in(), leaf.gear()) + "/";
        Optional<String> key =
                waiting.keySet().stream().filter(k -> k.startsWith(atWire)).findFirst();
        key.map(waiting::remove)
                .ifPresent(branch -> branch.in().outsideAnswered(branch, recordedOutcome(leaf), leaf.at()));
        return key.isPresent();
    }

    private void handle(Leaf leaf, List<Long> ids) {
        Waiting branch = waiting.remove(place(leaf.in(), leaf.gear()));
        if (branch == null) {
            lost(leaf, "nothing reaches this gear");
            return;
        }
        handlings++;
        branch.in().handle(branch, leaf.at(), ids);
    }

    /** Ids of this and the following signals that the same handling gave birth to. */
    private List<Long> idsBorn(Leaf first) {
        List<Long> ids = new ArrayList<>(List.of(first.id()));
        for (Leaf leaf : ahead) {
            boolean same = leaf.gear() == first.gear() && leaf.in() == first.in() && leaf.at() == first.at();
            if (leaf.is(LeafKind.INGRESS) && same) {
                ids.add(leaf.id());
            } else if (!same && leaf.in() < first.n()) {
                break;
            }
        }
        return ids;
    }

    private void outsideAnswered(Leaf leaf) {
        outside++;
        Waiting branch = waiting.remove(place(leaf.in(), leaf.gear()));
        if (branch == null) {
            lost(leaf, "nothing reaches this gear");
            return;
        }
        branch.in().outsideAnswered(branch, recordedOutcome(leaf), leaf.at());
    }

    private Outcome recordedOutcome(Leaf leaf) {
        if (leaf.is(LeafKind.DONE)) {
            return leaf.note().text("outcome").orElse("").equals("sent") ? Outcome.sent() : Outcome.consumed();
        }
        Map<String, String> told = leaf.is(LeafKind.EMIT)
                ? LeafForm.message(leaf, keys).map(FluxMsg::meta).orElse(Map.of())
                : Map.of(
                        Messages.ERROR_CODE, leaf.code().orElse(""),
                        Messages.ERROR_REASON, leaf.note().text("reason").orElse(""));
        String code = told.getOrDefault(Messages.ERROR_CODE, "");
        return Outcome.fail(RecordedCode.parse(code), told.getOrDefault(Messages.ERROR_REASON, ""));
    }

    private void redrive(Leaf leaf) {
        outside++;
        Optional<Leaf> ingress = vault.leaf(leaf.in());
        Optional<FluxMsg> message = ingress.flatMap(i -> LeafForm.message(i, keys));
        message.ifPresent(m -> {
            LeafDraft draft = LeafDraft.of(LeafKind.REDRIVE, leaf.at())
                    .id(leaf.id())
                    .cause(leaf.in())
                    .gear(leaf.gear(), leaf.port())
                    .scn(leaf.scn())
                    .spec(leaf.spec())
                    .note(leaf.note())
                    .build();
            FluxMsg again = m.toBuilder().flags(m.flags() | FluxMsg.REDELIVERED).build();
            pipeline.driveAgain(leaf.gear(), leaf.port(), again, artifacts.spec(leaf.spec()), draft, leaf.at());
        });
    }

    private void lost(Leaf leaf, String now) {
        diverged.add(leaf.id());
        differ(leaf, explanation.missing(leaf, nameOf(leaf), now));
    }

    private String nameOf(Leaf leaf) {
        return pipeline.nameOf(leaf.gear()).orElse(leaf.gear() == 0 ? "" : new FluxEntityId(leaf.gear()).text());
    }

    private void differ(Leaf leaf, ReplayReport.Difference difference) {
        if (question.scope.includes(leaf)) {
            differences++;
            if (told.size() < MAX_TOLD) {
                told.add(difference);
            }
        }
    }
}
