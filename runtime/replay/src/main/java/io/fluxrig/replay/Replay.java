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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Drives what a vault recorded once more through the same scenario, with the recorded times, ids and outside facts, and compares every leaf that the
 * gears inside lead to, byte for byte.
 */
public final class Replay {
    /** How far ahead the replay looks for the ids of signals that one handling gave birth to. */
    private static final int LOOK_AHEAD = 256;

    private static final int MAX_TOLD = 100;

    private final DataKeys keys;
    private final GearTypes types;
    private final LongConsumer progress;
    private final Artifacts artifacts;
    private final VaultReader vault;
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
    private long leaves;
    private long handlings;
    private long outside;
    private long differences;

    private Replay(RackFiles rack, DataKeys keys, GearTypes types, LongConsumer progress) {
        this.keys = keys;
        this.types = types;
        this.progress = progress;
        this.vault = VaultReader.at(rack.wal());
        this.artifacts = new Artifacts(rack, vault.records());
    }

    /**
     * @param progress told the number of leaves so far
     * @throws FluxException where an artifact or spec that the vault names is not here or was altered
     */
    public static ReplayReport run(RackFiles rack, DataKeys keys, GearTypes types, LongConsumer progress) {
        return new Replay(rack, keys, types, progress).run();
    }

    private ReplayReport run() {
        vault.forEach(leaf -> {
            ahead.add(leaf);
            if (ahead.size() > LOOK_AHEAD) {
                step(ahead.poll());
            }
        });
        while (!ahead.isEmpty()) {
            step(ahead.poll());
        }
        return new ReplayReport(leaves, handlings, outside, differences, told);
    }

    private void step(Leaf leaf) {
        leaves++;
        progress.accept(leaves);
        if (leaf.is(LeafKind.CONTROL)) {
            control(leaf);
        } else if (!leaf.scn().isEmpty()) {
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
        if (leaf.is(LeafKind.FAILED) && leaf.gear() == 0) {
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

    private OfflinePipeline follow(Bytes scn) {
        Scenario scenario = artifacts.scenario(scn);
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
                artifacts.specsOf(scenario),
                types,
                gear -> artifacts
                        .gear(scenario.name(), gear)
                        .map(s -> FluxEntityId.of(FluxEntityId.Type.GEAR, machine, s)),
                new Watch());
        pipelines.put(scn, newest);
        return newest;
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
        Optional<Boolean> same = LeafAgain.isSame(draft, leaf, keys);
        if (same.isPresent() && !same.get()) {
            differ(leaf, "recorded is " + describe(leaf) + ", now it is " + LeafAgain.describe(draft));
        }
        LeafAgain.standsAt(draft, leaf.n());
        List<Waiting> here = arrived.remove(draft);
        if (here != null) {
            here.forEach(branch -> waiting.put(place(leaf.n(), branch.gear()), branch));
        }
    }

    private static String describe(Leaf leaf) {
        String note =
                leaf.note().text("outcome").or(leaf::code).map(n -> " " + n).orElse("");
        return leaf.kind() + (leaf.port().isEmpty() ? "" : " on port " + leaf.port()) + note;
    }

    private static String place(long leaf, long gear) {
        return leaf + "/" + gear;
    }

    /** Finds out what led to this leaf and does it again. */
    private void cause(Leaf leaf) {
        switch (leaf.kind()) {
            case "ingress" -> {
                if (leaf.in() < 0) {
                    enter(leaf);
                } else {
                    born(leaf);
                }
            }
            case "egress" -> {
                Waiting branch = waiting.remove(place(leaf.in(), leaf.gear()));
                if (branch == null) {
                    differ(leaf, "nothing leaves there now");
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
            differ(leaf, "no gear of the scenario has this id");
            return;
        }
        live(leaf).ifPresent(message -> {
            Draft draft = new Draft(
                    message.refId(),
                    message.meta(),
                    message.data(),
                    message.raw(),
                    artifacts.spec(leaf.spec()),
                    leaf.note());
            pipeline.enter(leaf.gear(), leaf.port(), draft, leaf.id(), leaf.at());
        });
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
        differ(leaf, "the stored message can no longer be read by its spec");
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
                differ(leaf, "the timer is not running now, or leads to nothing");
            }
            return;
        }
        handle(leaf, ids);
    }

    private void handled(Leaf leaf) {
        if (leaf.gear() == 0) {
            outside++; // closed by the recovery after a crash
        } else if (pipeline.isInside(leaf.gear())) {
            handle(leaf, List.of());
        } else {
            outsideAnswered(leaf);
        }
    }

    private void handle(Leaf leaf, List<Long> ids) {
        Waiting branch = waiting.remove(place(leaf.in(), leaf.gear()));
        if (branch == null) {
            differ(leaf, "nothing reaches this gear now");
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
            differ(leaf, "nothing reaches this gear now");
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

    private void differ(Leaf leaf, String what) {
        differences++;
        if (told.size() < MAX_TOLD) {
            String gear = pipeline == null
                    ? ""
                    : pipeline.nameOf(leaf.gear()).orElse(leaf.gear() == 0 ? "" : new FluxEntityId(leaf.gear()).text());
            told.add(new ReplayReport.Difference(leaf.n(), leaf.id(), gear, what));
        }
    }
}
