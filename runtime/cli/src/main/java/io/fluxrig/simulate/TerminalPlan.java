package io.fluxrig.simulate;

import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a set of terminals does.
 *
 * @param host where the switch listens
 * @param port where the switch listens
 * @param terminals how many, each with a connection of its own
 * @param rate requests a second, all together; kept whatever the answers do (open loop)
 * @param duration how long; until told to stop where empty
 * @param patience how long each request waits for its answer
 * @param seed of everything left to chance
 * @param ledger appended to; none where empty
 */
public record TerminalPlan(
        String host,
        int port,
        int terminals,
        double rate,
        Optional<Duration> duration,
        Duration patience,
        long seed,
        Optional<Path> ledger) {

    public TerminalPlan {
        if (terminals < 1 || terminals > 10_000) {
            throw new FluxException(SimulateError.WRONG_USE, "between 1 and 10000 terminals can be simulated");
        }
        if (!(rate > 0) || rate > 1_000_000) {
            throw new FluxException(SimulateError.WRONG_USE, "the rate lies above 0 and is at most 1000000");
        }
    }

    /** 16 terminals, 200 requests a second, until told to stop, 8 s to wait. */
    public static TerminalPlan to(String host, int port) {
        return new TerminalPlan(host, port, 16, 200, Optional.empty(), Duration.ofSeconds(8), 1, Optional.empty());
    }

    public TerminalPlan terminals(int number) {
        return new TerminalPlan(host, port, number, rate, duration, patience, seed, ledger);
    }

    public TerminalPlan rate(double perSecond) {
        return new TerminalPlan(host, port, terminals, perSecond, duration, patience, seed, ledger);
    }

    public TerminalPlan duration(Duration whole) {
        return new TerminalPlan(host, port, terminals, rate, Optional.of(whole), patience, seed, ledger);
    }

    public TerminalPlan waiting(Duration longest) {
        return new TerminalPlan(host, port, terminals, rate, duration, longest, seed, ledger);
    }

    public TerminalPlan seed(long chance) {
        return new TerminalPlan(host, port, terminals, rate, duration, patience, chance, ledger);
    }

    public TerminalPlan ledger(Path file) {
        return new TerminalPlan(host, port, terminals, rate, duration, patience, seed, Optional.of(file));
    }
}
