package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultTail;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** What brings a Rack's checkpoints to the Mixer and to witnesses, and word of its signals to the Mixer: out of the log, beside the path of every signal. */
final class Couriers implements AutoCloseable {
    /** A Rack that starts needs the machine itself; one that does not come to run tells what it knows all the same. */
    private static final Duration FIRST = Duration.ofSeconds(15);

    private final CheckpointCourier checkpoints;
    private final SignalCourier signals;

    private Couriers(CheckpointCourier checkpoints, SignalCourier signals) {
        this.checkpoints = checkpoints;
        this.signals = signals;
    }

    /** @param contradicted told why, where the Mixer remembers another history of this log */
    static Couriers start(
            RackSettings settings,
            RackIdentity identity,
            RackBoard board,
            ActorRef<Mixer.Command> mixer,
            ActorSystem<?> system,
            Consumer<String> contradicted) {
        CheckpointCourier checkpoints = checkpoints(settings, mixer, system, contradicted);
        SignalCourier signals = signals(settings, identity, board, new MixerBook(mixer, system));
        board.courier(signals);
        return new Couriers(checkpoints, signals);
    }

    private static CheckpointCourier checkpoints(
            RackSettings settings,
            ActorRef<Mixer.Command> mixer,
            ActorSystem<?> system,
            Consumer<String> contradicted) {
        RackFiles files = new RackFiles(settings.data().root(), settings.name());
        Config config = settings.config().getConfig("persistence.vault.witness");
        List<CheckpointOverseer> overseers = new ArrayList<>();
        MixerOverseer itself = new MixerOverseer(mixer, system, files);
        overseers.add(itself);
        Stream.of(config.getString("urls").split(","))
                .filter(url -> !url.isBlank())
                .forEach(url -> overseers.add(new HttpWitness(URI.create(url.strip()), files.passport())));
        // A witness somewhere tells and is heard; the Mixer decides.
        return CheckpointCourier.start(files, overseers, config.getDuration("every"), (overseer, why) -> {
            if (overseer == itself) {
                contradicted.accept(why);
            }
        });
    }

    private static SignalCourier signals(
            RackSettings settings, RackIdentity identity, RackBoard board, MixerBook book) {
        DataDir data = settings.data();
        String name = settings.name();
        SignalCourier.Source source = new SignalCourier.Source(
                name,
                identity.origin(),
                new VaultTail(data.rackWal(name))::after,
                data.rackDir(name).resolve("outgoing").resolve("cursor"),
                DataKeys.readOnly(data.rackDataKeys(name), data.kekFile(name)));
        return SignalCourier.start(
                SignalCourier.Settings.of(settings.config()),
                source,
                new Residencies(board, data, name, settings.labels()),
                book,
                FIRST);
    }

    /** The Rack runs: signals are told of from now on. */
    void runs() {
        signals.go();
    }

    /** Completes when the last checkpoint was shown, or nobody could be reached. */
    CompletableFuture<Void> showLast() {
        return checkpoints.showLast();
    }

    @Override
    public void close() {
        checkpoints.close();
        signals.close();
    }
}
