package io.fluxrig.simulate;

import io.fluxrig.spec.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A set of terminals that send purchases (75 %), authorizations (20 %) and echoes (5 %) at a fixed rate. They reconnect by themselves.
 *
 * <p>Ledger, one JSON object a line, written when the outcome is known: {@code time} (RFC 3339), {@code terminal} (DE 41), {@code mti}, {@code stan} (DE 11), {@code dt} (DE 7), {@code rrn}
 * (DE 37, unique for each transaction: the key to the schemes' ledgers), {@code pan} (masked), {@code amount} (DE 4), {@code rc} (DE 39, empty without an answer), {@code outcome}
 * ({@code approved}, {@code declined}, or {@code in-doubt} for 91 and for no answer), {@code why} (of a missing answer), {@code ms} (time to the outcome).
 */
public final class TerminalSim implements AutoCloseable {
    private final TerminalPlan plan;
    private final TerminalCounts counts = new TerminalCounts();
    private final Optional<Ledger> ledger;
    private final List<Terminal> terminals = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private long startedNanos;
    private volatile long endedNanos;
    private volatile boolean stopping;

    public TerminalSim(TerminalPlan plan, Spec spec) {
        this.plan = plan;
        this.ledger = plan.ledger().map(Ledger::append);
        SplittableRandom chance = new SplittableRandom(plan.seed());
        // The time tells runs apart; within one run the number of the terminal and of the request do.
        String run = Transactions.base36((int) (System.currentTimeMillis() / 100 % 1_679_616), 4);
        for (int i = 1; i <= plan.terminals(); i++) {
            terminals.add(new Terminal(plan, spec, new Transactions(i, run, chance.split()), counts, ledger));
        }
    }

    /** Begins to connect and to send. */
    public TerminalSim start() {
        startedNanos = System.nanoTime();
        long interval = (long) (1e9 * plan.terminals() / plan.rate());
        for (int i = 0; i < terminals.size(); i++) {
            Terminal terminal = terminals.get(i);
            long first = startedNanos + interval * i / terminals.size();
            Thread.ofVirtual().name("terminal-reads-" + i).start(terminal::read);
            Thread.ofVirtual().name("terminal-sends-" + i).start(() -> terminal.send(first, interval));
        }
        Thread.ofVirtual().name("terminals-end").start(this::end);
        return this;
    }

    private void end() {
        long until =
                plan.duration().map(whole -> startedNanos + whole.toNanos()).orElse(Long.MAX_VALUE);
        while (!stopping && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(this, 20_000_000);
        }
        terminals.forEach(Terminal::stopSending);
        endedNanos = System.nanoTime();
        while (terminals.stream().anyMatch(terminal -> terminal.waiting() > 0)) {
            terminals.forEach(Terminal::giveUpOld);
            LockSupport.parkNanos(this, 20_000_000);
        }
        terminals.forEach(Terminal::disconnect);
        over.countDown();
    }

    /** Sends nothing more; what waits still has its time. */
    public void stop() {
        stopping = true;
    }

    /** Waits until every request has an end; false where that takes longer. */
    public boolean await(Duration longest) throws InterruptedException {
        return over.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What has been seen by now. */
    public TerminalStats stats() {
        long end = endedNanos == 0 ? System.nanoTime() : endedNanos;
        return counts.stats(end - startedNanos);
    }

    /** Stops at once: what waits is given up. */
    @Override
    public void close() {
        stopping = true;
        terminals.forEach(Terminal::stopSending);
        terminals.forEach(Terminal::disconnect);
        ledger.ifPresent(Ledger::close);
    }
}
