package io.fluxrig.benchmarks;

import io.fluxrig.signal.FluxIdGenerator;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A fluxID while it is not bound by its rate, beside the clock reads that it needs. The clock runs a thousand times too fast, so that units never run out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FluxIdBenchmark {
    private static final long EPOCH = 1_800_000_000_000L;

    private final AtomicLong reserved = new AtomicLong();
    private long startNanos;
    private LongSupplier wall;
    private LongSupplier nanos;
    private FluxIdGenerator ids;

    @Setup
    public void make() {
        startNanos = System.nanoTime();
        // 10 ms of this clock pass in 10 microseconds of the real one.
        wall = () -> EPOCH + (System.nanoTime() - startNanos) / 1_000;
        nanos = () -> (System.nanoTime() - startNanos) * 1_000;
        int[] lanes = {1, 2, 3, 4, 5, 6, 7, 8};
        ids = new FluxIdGenerator(lanes, wall, nanos, new FluxIdGenerator.Reservation() {
            @Override
            public long reservedThrough(int machine) {
                return 0;
            }

            @Override
            public void reserve(int machine, long throughTimeUnit) {
                reserved.set(throughTimeUnit);
            }
        });
    }

    @Benchmark
    public long fluxId() {
        return ids.next();
    }

    @Benchmark
    public long clockReads() {
        return wall.getAsLong() ^ nanos.getAsLong();
    }

    @Benchmark
    public long systemClock() {
        return Clock.systemUTC().millis();
    }
}
