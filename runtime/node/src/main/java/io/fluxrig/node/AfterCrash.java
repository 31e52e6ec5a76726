package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.Vault;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What the process before this one left without an end, in the order in which a start deals with it: what waited on wires goes on, gears are told their past, what cannot go on is closed with its
 * reason, and the rest is driven again. Belongs to the Rack's actor.
 */
final class AfterCrash {
    private final RackSettings settings;
    private final Vault.Opened opened;
    private final HandOver handOver;
    private final RackBoard board;
    private final LongSupplier clock;
    /** Signals that end when another Rack has taken them. */
    private Set<Long> onWires = Set.of();
    /** What is driven again once gears that reach outside can work; null before that is known, and when it is done. */
    private Redrive redrive;

    AfterCrash(RackSettings settings, Vault.Opened opened, HandOver handOver, RackBoard board, LongSupplier clock) {
        this.settings = settings;
        this.opened = opened;
        this.handOver = handOver;
        this.board = board;
        this.clock = clock;
    }

    /**
     * Starts the gears inside, which remember then what they did. What waits on wires leaves before anything that they say of it.
     *
     * @return completes when every gear knows its past
     */
    CompletableFuture<Void> remember(Activation activation, ActorContext<?> context) {
        onWires = handOver.goOn(opened.open());
        Map<String, ActorRef<SimpleCell.Command>> cells = activation.startSimple(context);
        board.phase(NodeStatus.Phase.RECOVERING, "remembering open exchanges");
        return Recall.into(activation, cells, settings.data(), settings.name(), opened.size(), opened.lastAt());
    }

    /** Closes what cannot go on; {@link #goOn} does the rest. */
    void close(Activation activation) {
        List<OpenSignal> inside =
                opened.open().stream().filter(s -> !onWires.contains(s.id())).toList();
        redrive = new Redrive(activation, settings.data(), settings.name(), inside);
        for (OpenSignal signal : inside) {
            switch (redrive.verdictOn(signal)) {
                case CrashRecovery.Close close -> close(signal, close);
                case CrashRecovery.DriveAgain again -> redrive.add(signal);
            }
        }
    }

    private void close(OpenSignal signal, CrashRecovery.Close close) {
        long now = clock.getAsLong();
        opened.vault()
                .append(LeafDraft.of(LeafKind.FAILED, now)
                        .id(signal.id())
                        .cause(signal.egress() >= 0 ? signal.egress() : signal.ingress())
                        .scn(signal.scn())
                        .note(Notes.failed(close.code(), close.reason()))
                        .build());
        board.tap().ended(signal.id(), new Intake.Failure(close.code(), close.reason()), now, 0);
    }

    /** Drives again what can go on, as soon as links are up or were waited for; true when nothing of it waits any more. */
    boolean goOn() {
        if (redrive != null && redrive.isDue()) {
            redrive.drive(clock.getAsLong());
            redrive = null;
        }
        return isOver();
    }

    /** Whether nothing waits to be driven again. */
    boolean isOver() {
        return redrive == null;
    }

    /** What still waits has no end: the next start drives it again. */
    void leave() {
        redrive = null;
    }
}
