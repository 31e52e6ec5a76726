package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.Vault;
import io.fluxrig.vault.VaultReader;
import io.fluxrig.wal.WalError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Signals that waited on wires to other Racks when the process ended, as the vault tells: the log is the queue. */
final class WireBacklog {
    /** One leaf by which a signal left for another Rack. */
    private record Leaving(String wire, String rack, Parcel.Record record) {}

    /** A signal without an end, and all leaves by which it left. */
    private static final class Left {
        private final OpenSignal signal;
        private final List<Leaving> wires = new ArrayList<>(1);
        private boolean seenFromItsBeginning;
        private boolean seenToItsLast;
        /** A leaf by which it left for somebody who is no Rack, or -1. */
        private long elsewhere = -1;

        Left(OpenSignal signal) {
            this.signal = signal;
        }
    }

    private final Map<Long, Left> byId = new LinkedHashMap<>();

    private WireBacklog() {}

    /**
     * @param size leaves at or beyond it are not looked at
     * @throws FluxException ARCHIVED where leaves of a signal without an end are out of reach: nobody could say whether it waits on a wire
     */
    static WireBacklog read(VaultReader vault, List<OpenSignal> open, long size) {
        WireBacklog backlog = new WireBacklog();
        Map<Long, Left> left = new HashMap<>();
        open.stream().filter(s -> s.egress() >= 0).forEach(s -> left.put(s.id(), new Left(s)));
        if (!left.isEmpty()) {
            long first = left.values().stream()
                    .mapToLong(l -> l.signal.ingress())
                    .min()
                    .getAsLong();
            vault.from(first, leaf -> {
                Left its = left.get(leaf.id());
                if (its != null && leaf.n() >= its.signal.ingress() && leaf.n() < size) {
                    see(its, leaf);
                }
                return leaf.n() < size;
            });
            left.values().forEach(WireBacklog::mustBeSeen);
            open.stream()
                    .map(s -> left.get(s.id()))
                    .filter(l -> l != null && !l.wires.isEmpty())
                    .forEach(l -> backlog.byId.put(l.signal.id(), l));
        }
        return backlog;
    }

    private static void mustBeSeen(Left left) {
        if (!left.seenFromItsBeginning || !left.seenToItsLast) {
            throw new FluxException(
                    WalError.ARCHIVED,
                    "leaves " + left.signal.ingress() + " to " + left.signal.egress()
                            + " of a signal that has not ended are not here");
        }
    }

    private static void see(Left its, Leaf leaf) {
        its.seenFromItsBeginning |= leaf.n() == its.signal.ingress();
        its.seenToItsLast |= leaf.n() == its.signal.egress();
        if (!leaf.is(LeafKind.EGRESS)) {
            return;
        }
        Optional<String> rack = leaf.note().text(FarEnd.TO);
        if (rack.isEmpty() || leaf.port().indexOf('>') < 0) {
            its.elsewhere = leaf.n();
            return;
        }
        its.wires.add(new Leaving(
                leaf.port(),
                rack.get(),
                new Parcel.Record(
                        leaf.n(),
                        leaf.at(),
                        leaf.note().integer(FarEnd.EXPIRES, 0),
                        classOf(leaf.note().text(FarEnd.CLASS).orElse("")),
                        leaf.red().isEmpty())));
    }

    private static SignalClass classOf(String text) {
        try {
            return SignalClass.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException later) {
            return SignalClass.REQUEST;
        }
    }

    Set<Long> ids() {
        return Set.copyOf(byId.keySet());
    }

    /** Hands everything to the wires that it waits for, in the order of its leaves. */
    void offer(HandOver handOver, Vault vault, LongSupplier clock, Tap tap) {
        record Waiting(Leaving leaving, Ending ending) {}
        List<Waiting> all = new ArrayList<>();
        byId.forEach((id, left) -> {
            Ending ending = new Ending(left, handOver, vault, clock, tap);
            handOver.lives(id);
            left.wires.forEach(leaving -> all.add(new Waiting(leaving, ending)));
        });
        all.sort((a, b) ->
                Long.compare(a.leaving().record().n(), b.leaving().record().n()));
        for (Waiting waiting : all) {
            FarEnd end = handOver.of(waiting.leaving().wire(), waiting.leaving().rack());
            end.wasThere();
            end.goesOn(Parcel.left(waiting.leaving().record(), (failure, recorded) -> {
                end.left(failure.isEmpty());
                waiting.ending().one(waiting.leaving().record().n(), failure, recorded);
            }));
        }
    }

    /** The end of a signal that a run before this one left. */
    private static final class Ending {
        private final Left left;
        private final HandOver handOver;
        private final Vault vault;
        private final LongSupplier clock;
        private final Tap tap;
        private int open;
        private Optional<Outcome.Failed> failed = Optional.empty();

        Ending(Left left, HandOver handOver, Vault vault, LongSupplier clock, Tap tap) {
            this.left = left;
            this.handOver = handOver;
            this.vault = vault;
            this.clock = clock;
            this.tap = tap;
            this.open = left.wires.size();
        }

        /** One of the wires is done with it. */
        synchronized void one(long leaf, Optional<Outcome.Failed> failure, Runnable recorded) {
            failed = failed.or(() -> failure);
            if (--open > 0) {
                recorded.run();
                return;
            }
            if (failed.isEmpty() && left.elsewhere >= 0) {
                failed = Optional.of(new Outcome.Failed(
                        NodeError.IN_DOUBT, "in doubt: recorded as leaving by leaf " + left.elsewhere));
            }
            Intake.End end = failed.<Intake.End>map(f -> new Intake.Failure(f.code(), f.reason()))
                    .orElse(Intake.Done.HANDED_OVER);
            long now = clock.getAsLong();
            vault.append(LeafDraft.of(failed.isPresent() ? LeafKind.FAILED : LeafKind.DONE, now)
                    .id(left.signal.id())
                    .cause(leaf)
                    .scn(left.signal.scn())
                    .note(Notes.of(end))
                    .onDurable(entry -> recorded.run())
                    .build());
            handOver.over(left.signal.id());
            tap.ended(left.signal.id(), end, now, 0);
        }
    }
}
