package io.fluxrig.node;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The highest epoch in which a Mixer has spoken to this Rack, kept over restarts. Who speaks in an earlier one was replaced and does not know it. */
final class Allegiance {
    private final Path file;
    private long highest;

    private Allegiance(Path file, long highest) {
        this.file = file;
        this.highest = highest;
    }

    static Allegiance at(Path file) {
        try {
            return new Allegiance(
                    file,
                    Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0);
        } catch (IOException | NumberFormatException e) {
            throw new FluxException(NodeError.START, file + " does not hold the number of an epoch", e);
        }
    }

    /** Whether a Mixer of this epoch speaks for the site; a later one does from now on. */
    boolean holdsTo(long epoch) {
        if (epoch > highest) {
            try {
                DurableFile.write(file, (epoch + "\n").getBytes());
            } catch (IOException e) {
                throw new FluxException(NodeError.START, file + ": " + e.getMessage(), e);
            }
            highest = epoch;
        }
        return epoch == highest;
    }

    FluxException refusal(long epoch) {
        return new FluxException(
                NodeError.MIXER_REPLACED, "it speaks in epoch " + epoch + ", and epoch " + highest + " has begun");
    }
}
