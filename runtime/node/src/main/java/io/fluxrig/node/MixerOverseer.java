package io.fluxrig.node;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.WitnessRequest;
import io.fluxrig.signal.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** The Mixer, as one who remembers a Rack's log. */
record MixerOverseer(ActorRef<Mixer.Command> mixer, ActorSystem<?> system, RackFiles files)
        implements CheckpointOverseer {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "the Mixer";
    }

    @Override
    public Seen show(WitnessRequest request) {
        try {
            Bytes passport = Bytes.wrap(Files.readAllBytes(files.passport()));
            CompletionStage<Seen> answer = AskPattern.ask(
                    mixer,
                    replyTo -> new Mixer.ShowCheckpoint(
                            passport, request.note(), request.proofFrom(), request.proof(), replyTo),
                    PATIENCE,
                    system.scheduler());
            // A node that goes down takes the clock of its questions with it: the wait has a bound of its own.
            return answer.toCompletableFuture().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IOException absent) {
            return new NoAnswer("no answer");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new NoAnswer("the Rack stops");
        }
    }
}
