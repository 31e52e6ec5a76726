package io.fluxrig.certs;

import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much each peer may say on all its connections together. Nobody who does his work comes near it; who goes beyond would fill the inboxes of this node faster.
 * A peer is known by the names in its certificate, so there are no more of them than the authority has given names. A certificate that several nodes share names all of them,
 * and has as many shares.
 */
final class PeerRates {
    private static final Logger LOG = LoggerFactory.getLogger(PeerRates.class);
    /** What may be said at once, as time in which it would be said at the rate. */
    private static final long BURST = Duration.ofSeconds(2).toNanos();

    /** Between two lines in the log about one peer. */
    private static final long SILENCE = Duration.ofSeconds(10).toNanos();

    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final Limit limit;
    private final LongSupplier nanos;
    private final Map<List<String>, Peer> peers = new ConcurrentHashMap<>();

    record Limit(long framesPerSecond, long bytesPerSecond) {}

    PeerRates(Limit limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
    }

    /** @param names those in its certificate */
    Peer of(List<String> names) {
        return peers.computeIfAbsent(names, Peer::new);
    }

    /** One peer. What it has said is paid off at the rate; it may owe so much, and no more. */
    final class Peer {
        private final List<String> names;
        private final double nanosPerFrame;
        private final double nanosPerByte;
        private long framesPaidAt = nanos.getAsLong();
        private long bytesPaidAt = framesPaidAt;
        private long quietUntil = framesPaidAt;

        private Peer(List<String> names) {
            this.names = names;
            double shares = Math.max(1, names.size());
            this.nanosPerFrame = SECOND / limit.framesPerSecond() / shares;
            this.nanosPerByte = SECOND / limit.bytesPerSecond() / shares;
        }

        /** @return {@code what} with its names; it stands in the log too, where it is not the same again and again */
        synchronized String overstepped(String what) {
            String line = "a peer known as " + String.join(", ", names) + ": " + what;
            long now = nanos.getAsLong();
            if (now - quietUntil >= 0) {
                quietUntil = now + SILENCE;
                LOG.error("{}", new FluxException(CertError.BOUNDS, line).line());
            }
            return line;
        }

        /** Whether it may say so much now. */
        synchronized boolean maySay(long frames, long bytes) {
            long now = nanos.getAsLong();
            long framesPaid = Math.max(0, framesPaidAt - now) + (long) (frames * nanosPerFrame);
            long bytesPaid = Math.max(0, bytesPaidAt - now) + (long) (bytes * nanosPerByte);
            if (framesPaid > BURST || bytesPaid > BURST) {
                return false;
            }
            framesPaidAt = now + framesPaid;
            bytesPaidAt = now + bytesPaid;
            return true;
        }
    }
}
