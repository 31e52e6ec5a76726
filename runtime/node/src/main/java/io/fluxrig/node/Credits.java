package io.fluxrig.node;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.scenario.Limits;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many signals of each class may be inside the Rack at once, so that a reply never waits for a request's credit. Lock
 * free; a credit is taken at admission and given back when the signal has ended.
 */
final class Credits {
    private final Map<SignalClass, Account> accounts = new EnumMap<>(SignalClass.class);

    Credits(Limits limits) {
        accounts.put(SignalClass.REQUEST, new Account(limits.requests()));
        accounts.put(SignalClass.REPLY, new Account(limits.replies()));
        accounts.put(SignalClass.ADVICE, new Account(limits.advices()));
        accounts.put(SignalClass.NETWORK, new Account(limits.network()));
    }

    boolean take(SignalClass signalClass) {
        return accounts.get(signalClass).take();
    }

    void giveBack(SignalClass signalClass) {
        accounts.get(signalClass).giveBack();
    }

    /** Runs {@code then} once, now or when a credit comes back. Each waiting reader registers once, so readers bound the queue. */
    void whenFree(SignalClass signalClass, Runnable then) {
        Account account = accounts.get(signalClass);
        account.waiting.add(then);
        if (account.used.get() < account.limit) {
            account.wakeSome();
        }
    }

    int used(SignalClass signalClass) {
        return accounts.get(signalClass).used.get();
    }

    int limit(SignalClass signalClass) {
        return accounts.get(signalClass).limit;
    }

    int inFlight() {
        return accounts.values().stream().mapToInt(a -> a.used.get()).sum();
    }

    private static final int WOKEN_AT_ONCE = 4;

    private static final class Account {
        private final int limit;
        private final AtomicInteger used = new AtomicInteger();
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

        Account(int limit) {
            this.limit = limit;
        }

        boolean take() {
            int now = used.get();
            while (now < limit) {
                if (used.compareAndSet(now, now + 1)) {
                    return true;
                }
                now = used.get();
            }
            return false;
        }

        void giveBack() {
            used.decrementAndGet();
            wakeSome();
        }

        /** Wakes a few: one alone may have nothing to read any more, and the rest would sleep beside free credit. */
        void wakeSome() {
            for (int i = 0; i < WOKEN_AT_ONCE; i++) {
                Runnable next = waiting.poll();
                if (next == null) {
                    return;
                }
                next.run();
            }
        }
    }
}
