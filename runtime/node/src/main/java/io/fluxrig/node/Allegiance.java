package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Roster;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The newest roster that a Mixer has shown to this Rack, kept over restarts: who speaks in an earlier epoch was replaced and does not know it, and whom it lists as
 * stopped nobody listens to, also where no Mixer is in reach. Heeded on the Rack's actor; the rest is safe for use from any thread.
 */
final class Allegiance {
    private final Path file;
    private final String site;
    private final Trust trust;
    private Bytes shown = Bytes.EMPTY;
    private volatile Roster newest;

    private Allegiance(Path file, String site, Trust trust) {
        this.file = file;
        this.site = site;
        this.trust = trust;
    }

    /** @throws FluxException where what is kept here is not a roster that a pinned root key has signed */
    static Allegiance of(DataDir data, String rack, Trust trust) {
        Allegiance its = new Allegiance(data.rackDir(rack).resolve("roster.cose"), data.site(), trust);
        try {
            if (Files.exists(its.file)) {
                its.shown = Bytes.wrap(Files.readAllBytes(its.file));
                its.newest = its.verified(its.shown);
            }
            return its;
        } catch (IOException e) {
            throw new FluxException(NodeError.START, its.file + ": " + e.getMessage(), e);
        }
    }

    private Roster verified(Bytes roster) {
        return Roster.verify(roster.toArray(), trust.root(), site);
    }

    /**
     * Hears whoever shows this roster.
     *
     * @throws FluxException MIXER_REPLACED where a later epoch has begun; ROSTER, UNTRUSTED where it is none
     */
    void heed(Bytes roster) {
        if (roster.equals(shown)) {
            return;
        }
        Roster now = verified(roster);
        if (newest != null && now.epoch() < newest.epoch()) {
            throw new FluxException(
                    NodeError.MIXER_REPLACED,
                    "it speaks in epoch " + now.epoch() + ", and epoch " + newest.epoch() + " has begun");
        }
        if (newest == null || now.isAfter(newest)) {
            try {
                DurableFile.write(file, roster.unsafeArray());
            } catch (IOException e) {
                throw new FluxException(NodeError.START, file + ": " + e.getMessage(), e);
            }
            shown = roster;
            newest = now;
        }
    }

    /** Whether an operator has suspended or removed that Rack, as far as is known here. */
    boolean isStopped(Passport rack) {
        Roster now = newest;
        return now != null && now.isStopped(rack);
    }
}
