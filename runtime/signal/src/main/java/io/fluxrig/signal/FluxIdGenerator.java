package io.fluxrig.signal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Makes fluxIDs that never repeat: not after a restart with the clock set back, not while the clock moves back, and not when the 256
 * ids of a time unit are used up. Ids of one machine rise strictly. Safe for several threads.
 *
 * <p>Time never goes back here: it is the wall clock, or where that fell behind, what was reached before plus the time that really passed.
 */
public final class FluxIdGenerator {
    /** Where it is remembered, durably, up to which time ids may have been used. */
    public interface Reservation {
        /** The last time unit that was reserved for this machine; 0 for none. */
        long reservedThrough(int machine);

        /** Returns when it is durable that ids up to this time unit may be in use. */
        void reserve(int machine, long throughTimeUnit);
    }

    /** How far ahead a reservation reaches: at most one durable write in so much time. */
    private static final long AHEAD_UNITS = TimeUnit.SECONDS.toMillis(1) / FluxId.UNIT_MILLIS;

    /** How far the wall clock may lag behind what was already used before that is an alarm. */
    private static final long MAX_LAG_UNITS = 60 * TimeUnit.SECONDS.toMillis(1) / FluxId.UNIT_MILLIS;

    private static final long UNIT_NANOS = TimeUnit.MILLISECONDS.toNanos(FluxId.UNIT_MILLIS);

    private final LongSupplier unixMillis;
    private final LongSupplier nanoTime;
    private final Reservation reservation;
    private final Lane[] lanes;
    private final ReentrantLock lock = new ReentrantLock();
    private long reachedUnits;
    private long reachedAtNanos;
    private int turn;

    /**
     * @param machines machine ids granted to this Rack, its lanes
     * @param unixMillis the wall clock
     * @param nanoTime a clock that never goes back, of any origin
     */
    public FluxIdGenerator(int[] machines, LongSupplier unixMillis, LongSupplier nanoTime, Reservation reservation) {
        if (machines.length == 0 || Arrays.stream(machines).distinct().count() != machines.length) {
            throw new FluxException(SignalError.ID, "lanes are one or more different machine ids");
        }
        this.unixMillis = unixMillis;
        this.nanoTime = nanoTime;
        this.reservation = reservation;
        this.lanes = new Lane[machines.length];
        for (int i = 0; i < machines.length; i++) {
            lanes[i] = new Lane(machines[i], reservation.reservedThrough(machines[i]));
            // What was reserved may have been used: begin after it.
            reachedUnits = Math.max(reachedUnits, lanes[i].reserved + 1);
        }
        reachedAtNanos = nanoTime.getAsLong();
    }

    /** A generator whose reservations are kept in {@code directory}. */
    public static FluxIdGenerator open(int[] machines, Path directory, Clock clock) {
        return new FluxIdGenerator(machines, clock::millis, System::nanoTime, FileReservation.in(directory));
    }

    /** One machine id: 256 ids in 10 ms. */
    private static final class Lane {
        private final int machine;
        private long reserved;
        private long time;
        private int sequence;

        Lane(int machine, long reserved) {
            this.machine = machine;
            this.reserved = reserved;
            this.time = reserved;
            this.sequence = FluxId.MAX_SEQUENCE;
        }
    }

    /**
     * The next id. Waits for the next unit of 10 ms while all lanes have used up this one.
     *
     * @throws FluxException CLOCK where the wall clock is more than a minute behind what was used, or outside 2026 to 2200
     */
    public long next() {
        while (true) {
            lock.lock();
            try {
                long now = now();
                for (int i = 0; i < lanes.length; i++) {
                    turn = turn + 1 == lanes.length ? 0 : turn + 1;
                    long id = tryNext(lanes[turn], now);
                    if (id != 0) {
                        return id;
                    }
                }
            } finally {
                lock.unlock();
            }
            LockSupport.parkNanos(200_000);
        }
    }

    /** The time unit to use: never less than any before. */
    private long now() {
        long wall = Math.floorDiv(unixMillis.getAsLong() - FluxId.EPOCH_MILLIS, FluxId.UNIT_MILLIS);
        if (wall < 1 || wall > FluxId.MAX_TIME) {
            throw new FluxException(SignalError.CLOCK, "the clock shows a time outside 2026 to 2200");
        }
        long nanos = nanoTime.getAsLong();
        long passed = reachedUnits + (nanos - reachedAtNanos) / UNIT_NANOS;
        if (wall >= passed) {
            reachedUnits = wall;
            reachedAtNanos = nanos;
            return wall;
        }
        if (passed - wall > MAX_LAG_UNITS) {
            throw new FluxException(
                    SignalError.CLOCK, "the clock is " + (passed - wall) * FluxId.UNIT_MILLIS / 1000 + " s behind ids already used");
        }
        return passed;
    }

    private long tryNext(Lane lane, long now) {
        if (now > lane.time) {
            if (now > lane.reserved) {
                long through = now + AHEAD_UNITS;
                reservation.reserve(lane.machine, through);
                lane.reserved = through;
            }
            lane.time = now;
            lane.sequence = 0;
        } else if (lane.sequence < FluxId.MAX_SEQUENCE) {
            lane.sequence++;
        } else {
            return 0;
        }
        return FluxId.of(lane.time, lane.sequence, lane.machine);
    }
}
