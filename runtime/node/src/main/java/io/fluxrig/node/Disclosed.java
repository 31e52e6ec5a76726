package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;

/** What a Rack answers who wants to see into a signal. */
sealed interface Disclosed {
    /** Leaves as {@link LeafJson} writes them, in UTF-8. */
    record Story(Bytes json) implements Disclosed {}

    record No(FluxException why) implements Disclosed {}
}
