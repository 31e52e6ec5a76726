package io.fluxrig.signal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Makes fluxIDs that never repeat: not after a restart with the clock set back, not while the clock moves back, and not when the 256
 * ids of a time unit are used up. Ids of one machine rise strictly. Safe for several threads.
 *
 * <p>Time never goes back here. While the wall clock is behind what was used, ids stay in the last time unit, and move on only when that is
 * used up and its 10 ms have really passed: the rate is never exceeded, and the clock catches up.
 */
public final class FluxIdGenerator implements LongSupplier {
    /** Where it is remembered, durably, up to which time ids may have been used. */
    public interface Reservation {
        /** The last time unit that was reserved for this machine; 0 for none. */
        long reservedThrough(int machine);

        /** Returns when it is durable that ids up to this time unit may be in use. */
        void reserve(int machine, long throughTimeUnit);
    }

    /** How far the wall clock may be behind ids already used, or jump ahead of the time that passed, before that is an alarm. */
    public static final Duration MAX_CLOCK_ERROR = Duration.ofMinutes(1);

    /** How far a reservation reaches: after a crash the next ids lie at most so far ahead of the clock. */
    private static final long AHEAD_UNITS = 1_000 / FluxId.UNIT_MILLIS;

    /** Reserved beyond the unit in use where that is ahead of the clock: small, or a crash loop would run away from the clock. */
    private static final long STEP_UNITS = 10;

    private static final long UNIT_NANOS = FluxId.UNIT_MILLIS * 1_000_000L;
    private static final long WAIT_NANOS = 100_000;

    /** State is {@code unit << 24 | ids used in it}; 65,535 lanes of 256 ids fit. */
    private static final int USED_BITS = 24;

    private static final int USED_MASK = (1 << USED_BITS) - 1;

    private final int[] machines;
    private final int capacity;
    private final LongSupplier unixMillis;
    private final LongSupplier nanoTime;
    private final Reservation reservation;
    private final Executor early;
    private final LongConsumer waiting;
    private final long maxErrorUnits;
    private final AtomicLong state;

    /** Held to change the time unit. */
    private final ReentrantLock turning = new ReentrantLock();

    /** Held to write a reservation, so that a lower one never follows a higher one. */
    private final ReentrantLock reserving = new ReentrantLock();

    private volatile long reserved;
    private volatile boolean reservingEarly;
    private long enteredNanos;
    private long seenUnit;
    private long seenNanos;
    private boolean seen;

    /**
     * Ids whose reservations are made when they are needed, by the thread that needs them.
     *
     * @param machines machine ids granted to this Rack, its lanes
     * @param unixMillis the wall clock
     * @param nanoTime a clock that never goes back, of any origin
     */
    public FluxIdGenerator(int[] machines, LongSupplier unixMillis, LongSupplier nanoTime, Reservation reservation) {
        this(machines, unixMillis, nanoTime, reservation, MAX_CLOCK_ERROR, notNow -> {});
    }

    /**
     * @param maxClockError see {@link #MAX_CLOCK_ERROR}
     * @param early runs a task now and then that writes the next reservation before it is needed; it may drop the task
     */
    public FluxIdGenerator(
            int[] machines,
            LongSupplier unixMillis,
            LongSupplier nanoTime,
            Reservation reservation,
            Duration maxClockError,
            Executor early) {
        this(machines, unixMillis, nanoTime, reservation, maxClockError, early, LockSupport::parkNanos);
    }

    /** @param waiting lets this many nanoseconds pass, or about so many */
    FluxIdGenerator(
            int[] machines,
            LongSupplier unixMillis,
            LongSupplier nanoTime,
            Reservation reservation,
            Duration maxClockError,
            Executor early,
            LongConsumer waiting) {
        boolean distinct = Arrays.stream(machines).distinct().count() == machines.length;
        if (machines.length == 0 || !distinct || Arrays.stream(machines).anyMatch(m -> m < 1 || m > 65_535)) {
            throw new FluxException(SignalError.ID, "lanes are one or more different machine ids in 1..65535");
        }
        this.machines = machines.clone();
        this.capacity = machines.length * (FluxId.MAX_SEQUENCE + 1);
        this.unixMillis = unixMillis;
        this.nanoTime = nanoTime;
        this.reservation = reservation;
        this.maxErrorUnits = maxClockError.toMillis() / FluxId.UNIT_MILLIS;
        this.early = early;
        this.waiting = waiting;
        long used = Arrays.stream(machines)
                .mapToLong(reservation::reservedThrough)
                .max()
                .orElseThrow();
        // Whatever was reserved may have been used, by any lane.
        this.state = new AtomicLong(used << USED_BITS | capacity);
        this.reserved = used;
        this.enteredNanos = nanoTime.getAsLong();
    }

    /** A generator whose reservations are kept in {@code directory}, and renewed before they are needed. */
    public static FluxIdGenerator open(int[] machines, Path directory, Clock clock) {
        return new FluxIdGenerator(
                machines,
                clock::millis,
                System::nanoTime,
                FileReservation.in(directory),
                MAX_CLOCK_ERROR,
                Thread::startVirtualThread);
    }

    /**
     * The same after another machine may have used ids, whose reservations are not here, up to this time.
     *
     * @param usedMillis unix time of what it recorded last; its clock may have been half of the tolerated error ahead
     */
    public static FluxIdGenerator open(int[] machines, Path directory, Clock clock, long usedMillis) {
        FileReservation own = FileReservation.in(directory);
        long through =
                Math.floorDiv(usedMillis + MAX_CLOCK_ERROR.toMillis() / 2 - FluxId.EPOCH_MILLIS, FluxId.UNIT_MILLIS);
        for (int machine : machines) {
            if (own.reservedThrough(machine) < through) {
                own.reserve(machine, through);
            }
        }
        return open(machines, directory, clock);
    }

    /**
     * The next id. Waits while all lanes have used up the present 10 ms.
     *
     * @throws FluxException CLOCK where the clock is wrong by more than the bound, or outside 2026 to 2200; nothing is used up
     */
    public long next() {
        while (true) {
            long now = now();
            long present = state.get();
            if (present >>> USED_BITS == now && (present & USED_MASK) < capacity) {
                if (state.compareAndSet(present, present + 1)) {
                    return id(now, (int) present & USED_MASK);
                }
                continue;
            }
            long id = turn(now);
            if (id != 0) {
                return id;
            }
            waiting.accept(WAIT_NANOS);
        }
    }

    @Override
    public long getAsLong() {
        return next();
    }

    private long id(long unit, int used) {
        int lanes = machines.length;
        return lanes == 1
                ? unit << 24 | (long) used << 16 | machines[0]
                : unit << 24 | (long) (used / lanes) << 16 | machines[used % lanes];
    }

    private long now() {
        long unit = Math.floorDiv(unixMillis.getAsLong() - FluxId.EPOCH_MILLIS, FluxId.UNIT_MILLIS);
        if (unit < 1 || unit > FluxId.MAX_TIME) {
            throw new FluxException(SignalError.CLOCK, "the clock shows a time outside 2026 to 2200");
        }
        return unit;
    }

    /** An id from the present unit or the next; 0 where that has to wait. */
    private long turn(long now) {
        turning.lock();
        try {
            long nanos = nanoTime.getAsLong();
            long unit = state.get() >>> USED_BITS;
            if (now > unit) {
                checkAhead(now, nanos);
                return enter(now, now, nanos);
            }
            if (unit - now > maxErrorUnits) {
                throw new FluxException(
                        SignalError.CLOCK, "the clock is " + seconds(unit - now) + " s behind ids already used");
            }
            for (long present = state.get(); (present & USED_MASK) < capacity; present = state.get()) {
                if (state.compareAndSet(present, present + 1)) {
                    return id(unit, (int) present & USED_MASK);
                }
            }
            long passed = nanos - enteredNanos;
            // A waiter wakes late: what it slept too long counts for the next unit, or the full rate would not be
            // reached.
            return passed < UNIT_NANOS
                    ? 0
                    : enter(unit + 1, now, passed < 2 * UNIT_NANOS ? enteredNanos + UNIT_NANOS : nanos);
        } finally {
            turning.unlock();
        }
    }

    private void checkAhead(long now, long nanos) {
        if (seen) {
            long ahead = now - seenUnit - (nanos - seenNanos) / UNIT_NANOS;
            if (ahead > maxErrorUnits) {
                throw new FluxException(
                        SignalError.CLOCK,
                        "the clock jumped " + seconds(ahead)
                                + " s ahead of the time that passed; restart if it is right now");
            }
        }
        seen = true;
        seenUnit = now;
        seenNanos = nanos;
    }

    private static long seconds(long units) {
        return units * FluxId.UNIT_MILLIS / 1_000;
    }

    private long enter(long unit, long now, long nanos) {
        if (unit > FluxId.MAX_TIME) {
            throw new FluxException(SignalError.CLOCK, "the time of fluxIDs has come to its end");
        }
        if (unit > reserved) {
            reserve(Math.max(now + AHEAD_UNITS, unit + STEP_UNITS));
        } else if (reserved - unit < AHEAD_UNITS / 2 && unit == now && !reservingEarly) {
            reservingEarly = true;
            early.execute(() -> reserveEarly(now + AHEAD_UNITS));
        }
        enteredNanos = nanos;
        state.set(unit << USED_BITS | 1);
        return id(unit, 0);
    }

    private void reserve(long through) {
        reserving.lock();
        try {
            if (through > reserved) {
                for (int machine : machines) {
                    reservation.reserve(machine, through);
                }
                reserved = through;
            }
        } finally {
            reserving.unlock();
        }
    }

    private void reserveEarly(long through) {
        try {
            reserve(through);
        } catch (RuntimeException untilNeeded) {
            // Whoever needs the reservation tries again, and is told.
        } finally {
            reservingEarly = false;
        }
    }
}
