package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** The Mixer, as one who keeps facts about signals. */
record MixerBook(ActorRef<Mixer.Command> mixer, ActorSystem<?> system) implements SignalCourier.Receiver {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public long take(Bytes facts) throws InterruptedException {
        try {
            SignalReply reply = AskPattern.<Mixer.Command, SignalReply>ask(
                            mixer, replyTo -> new Mixer.TakeSignals(facts, replyTo), PATIENCE, system.scheduler())
                    .toCompletableFuture()
                    .get();
            return switch (reply) {
                case SignalReply.Taken taken -> taken.next();
                case SignalReply.No no -> throw no.why();
                case SignalReply.Found found -> throw new IllegalStateException("an answer to another question");
            };
        } catch (ExecutionException silent) {
            throw new FluxException(NodeError.SILENT, "the Mixer does not answer", new CompletionException(silent));
        }
    }
}
