package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.util.List;

/** What the Mixer answers about signals. */
sealed interface SignalReply {
    /** Everything before this leaf is in the book. */
    record Taken(long next) implements SignalReply {}

    record Found(List<SignalBook.Row> signals) implements SignalReply {}

    record No(FluxException why) implements SignalReply {}
}
