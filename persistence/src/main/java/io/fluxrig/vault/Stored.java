package io.fluxrig.vault;

import io.fluxrig.signal.FluxMsg;
import java.util.List;
import java.util.Objects;

/**
 * A message in the form in which it may be kept: {@code sad} elements are out of {@code data} and zero in {@code raw}.
 *
 * @param msg the message without what must never be stored
 * @param red what was taken out
 * @param classified whether a spec in force classifies anything, so that it is encrypted
 */
public record Stored(FluxMsg msg, List<Red> red, boolean classified) {
    public Stored {
        Objects.requireNonNull(msg);
        red = List.copyOf(red);
    }

    /** One removed element: its path in {@code data} and where its value lay in {@code raw}. */
    public record Red(String path, int offset, int length) {}

    @Override
    public String toString() {
        return "Stored[" + msg + "]";
    }
}
