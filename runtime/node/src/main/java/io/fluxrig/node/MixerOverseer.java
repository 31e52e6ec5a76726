package io.fluxrig.node;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.WitnessRequest;
import io.fluxrig.signal.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
            return answer.toCompletableFuture().join();
        } catch (CompletionException | IOException absent) {
            return new NoAnswer("no answer");
        }
    }
}
