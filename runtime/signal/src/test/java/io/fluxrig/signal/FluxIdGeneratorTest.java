package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FluxIdGeneratorTest {
    private static final int MANY = 1_000_000;

    /** A wall clock that can be set, and real time that passes with every look at it. */
    private static final class Time {
        private long millis = FluxId.EPOCH_MILLIS + 1_000_000_000L;
        private long nanos = 5;

        synchronized long wall() {
            pass(20_000);
            return millis + nanos / 1_000_000;
        }

        synchronized long nanoTime() {
            return nanos;
        }

        synchronized void pass(long ns) {
            nanos += ns;
        }

        synchronized void set(Duration change) {
            millis += change.toMillis();
        }
    }

    /** Remembers like a disk: what was reserved stays when a generator dies. */
    private static final class Disk implements FluxIdGenerator.Reservation {
        private final Map<Integer, Long> reserved = new ConcurrentHashMap<>();
        private final AtomicInteger writes = new AtomicInteger();

        @Override
        public long reservedThrough(int machine) {
            return reserved.getOrDefault(machine, 0L);
        }

        @Override
        public void reserve(int machine, long throughTimeUnit) {
            assertThat(throughTimeUnit).isGreaterThan(reservedThrough(machine));
            reserved.put(machine, throughTimeUnit);
            writes.incrementAndGet();
        }
    }

    /** Every id once, and rising for its machine, over all generators of a test. */
    private static final class Seen {
        private final Map<Integer, Long> last = new HashMap<>();

        void take(long id, Disk disk) {
            long before = last.getOrDefault(FluxId.machine(id), 0L);
            if (id <= before) {
                throw new AssertionError("id " + id + " after " + before);
            }
            if (FluxId.units(id) > disk.reservedThrough(FluxId.machine(id))) {
                throw new AssertionError("id beyond its reservation");
            }
            last.put(FluxId.machine(id), id);
        }
    }

    private final Time time = new Time();
    private final Disk disk = new Disk();
    private final Seen seen = new Seen();

    private FluxIdGenerator start(int... lanes) {
        return generator(lanes, time::wall, disk, notNow -> {});
    }

    /** Waiting costs no real time here. */
    private FluxIdGenerator generator(
            int[] lanes, LongSupplier wall, FluxIdGenerator.Reservation reservation, Executor early) {
        return new FluxIdGenerator(
                lanes, wall, time::nanoTime, reservation, FluxIdGenerator.MAX_CLOCK_ERROR, early, time::pass);
    }

    private void take(FluxIdGenerator ids, int count) {
        for (int i = 0; i < count; i++) {
            seen.take(ids.next(), disk);
        }
    }

    @Test
    void aMillionIdsRiseWithoutARepeat() {
        take(start(1), MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.001S", "PT-1S", "PT-59S", "PT0.5S", "PT59S"})
    void aClockSetWithinTheBoundWhileRunningChangesNothing(Duration change) {
        FluxIdGenerator ids = start(1);
        take(ids, 10_000);
        time.set(change);
        take(ids, MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P-3650D", "PT1H", "P3650D"})
    void aClockWrongByMoreThanTheBoundStopsIssuingUntilItIsRight(Duration change) {
        FluxIdGenerator ids = start(1, 2);
        take(ids, 10_000);
        time.set(change);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(ids::next)
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.CLOCK));
        }
        time.set(change.negated());
        take(ids, MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.001S", "PT-1S", "PT-50S", "PT1H", "P3650D"})
    void aRestartWithTheClockSetRepeatsNothing(Duration change) {
        take(start(1), 10_000);
        time.set(change);
        take(start(1), MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P-3650D"})
    void aRestartFarInThePastIsAnAlarm(Duration change) {
        take(start(1), 10_000);
        time.set(change);
        FluxIdGenerator ids = start(1);
        assertThatThrownBy(ids::next)
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.CLOCK));
        time.set(change.negated());
        take(ids, MANY);
    }

    @Test
    void aCrashLoopStaysNearTheClock() {
        for (int i = 0; i < 300; i++) {
            FluxIdGenerator ids = start(1);
            take(ids, 2);
            long id = ids.next();
            seen.take(id, disk);
            long aheadMillis = FluxId.time(id).toEpochMilli() - time.wall();
            assertThat(aheadMillis).isLessThan(Duration.ofSeconds(40).toMillis());
        }
        take(start(1), 100_000);
    }

    @Test
    void aClockThatStandsStillDoesNotStopIt() {
        long stuck = time.wall();
        FluxIdGenerator ids = generator(new int[] {1}, () -> stuck, disk, notNow -> {});
        take(ids, 100_000);
    }

    @Test
    void refusesAClockOutsideTheTimeOfIds() {
        for (Duration change : List.of(Duration.ofDays(-3650), Duration.ofDays(365 * 200))) {
            time.set(change);
            assertThatThrownBy(start(1)::next).isInstanceOf(FluxException.class);
            time.set(change.negated());
        }
    }

    @Test
    void lanesShareTheLoad() {
        Map<Integer, Integer> perMachine = new HashMap<>();
        FluxIdGenerator ids = start(5, 9, 65_535);
        for (int i = 0; i < 30_000; i++) {
            long id = ids.next();
            seen.take(id, disk);
            perMachine.merge(FluxId.machine(id), 1, Integer::sum);
        }
        assertThat(perMachine).containsOnlyKeys(5, 9, 65_535);
        assertThat(perMachine.values()).allSatisfy(n -> assertThat(n).isBetween(9_000, 11_000));
    }

    @Test
    void oneLaneGivesItsFullRateAndNeverMore() {
        FluxIdGenerator ids = start(1);
        take(ids, 1);
        long start = time.nanoTime();
        take(ids, 256_000);
        double seconds = (time.nanoTime() - start) / 1e9;
        assertThat(seconds).isBetween(9.98, 10.1);
    }

    @Test
    void behindTheClockTheRateIsTheSame() {
        FluxIdGenerator ids = start(1);
        take(ids, 1_000);
        time.set(Duration.ofSeconds(-30));
        long start = time.nanoTime();
        take(ids, 256_000);
        assertThat((time.nanoTime() - start) / 1e9).isBetween(9.9, 10.2);
    }

    @Test
    void aFailingReservationGivesNoIdAndUsesNothingUp() {
        boolean[] broken = {true};
        FluxIdGenerator ids = generator(
                new int[] {1},
                time::wall,
                new FluxIdGenerator.Reservation() {
                    @Override
                    public long reservedThrough(int machine) {
                        return 0;
                    }

                    @Override
                    public void reserve(int machine, long throughTimeUnit) {
                        if (broken[0]) {
                            throw new IllegalStateException("disk full");
                        }
                        disk.reserve(machine, throughTimeUnit);
                    }
                },
                notNow -> {});
        assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class);
        broken[0] = false;
        take(ids, 1_000);
    }

    @Test
    void reservesAboutOnceASecond() {
        take(start(1), MANY);
        assertThat(disk.writes.get()).isBetween(20, 60);
    }

    @Test
    void reservesEarlyWhenSomebodyRunsIt() {
        List<Runnable> tasks = new ArrayList<>();
        FluxIdGenerator ids = generator(new int[] {1}, time::wall, disk, tasks::add);
        take(ids, 1);
        int inTheWay = disk.writes.get();
        for (int i = 0; i < 500_000; i++) {
            seen.take(ids.next(), disk);
            tasks.forEach(Runnable::run);
            tasks.clear();
        }
        assertThat(inTheWay).isEqualTo(1);
        assertThat(disk.writes.get()).isGreaterThan(20);
    }

    @Test
    void threadsShareOneGenerator(@TempDir Path dir) throws InterruptedException {
        Queue<Thread> writers = new ConcurrentLinkedQueue<>();
        FluxIdGenerator ids = eightRealLanes(dir, writers);
        long[][] taken = new long[4][50_000];
        List<Thread> threads = new ArrayList<>();
        for (long[] mine : taken) {
            threads.add(Thread.ofPlatform().start(() -> Arrays.setAll(mine, i -> ids.next())));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        join(writers);
        for (long[] mine : taken) {
            Map<Integer, Long> last = new HashMap<>();
            for (long id : mine) {
                assertThat(id).isGreaterThan(last.getOrDefault(FluxId.machine(id), 0L));
                last.put(FluxId.machine(id), id);
            }
        }
        long[] all = Arrays.stream(taken).flatMapToLong(Arrays::stream).sorted().toArray();
        for (int i = 1; i < all.length; i++) {
            assertThat(all[i]).isNotEqualTo(all[i - 1]);
        }
    }

    @Test
    void eightRealLanesGiveTheirRate(@TempDir Path dir) throws InterruptedException {
        Queue<Thread> writers = new ConcurrentLinkedQueue<>();
        FluxIdGenerator ids = eightRealLanes(dir, writers);
        ids.next();
        long start = System.nanoTime();
        for (int i = 0; i < 204_800; i++) {
            ids.next();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        join(writers);
        // Full rate is one second; the upper bound leaves room for a busy machine.
        assertThat(seconds).isBetween(0.97, 3.0);
    }

    /** As {@link FluxIdGenerator#open} makes it, but the threads that reserve early can be waited for. */
    private static FluxIdGenerator eightRealLanes(Path dir, Queue<Thread> writers) {
        return new FluxIdGenerator(
                new int[] {1, 2, 3, 4, 5, 6, 7, 8},
                System::currentTimeMillis,
                System::nanoTime,
                FileReservation.in(dir),
                FluxIdGenerator.MAX_CLOCK_ERROR,
                task -> writers.add(Thread.startVirtualThread(task)));
    }

    private static void join(Queue<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void refusesLanesThatAreNone() {
        for (int[] lanes : new int[][] {{}, {0}, {65_536}, {1, 1}, {-1}}) {
            assertThatThrownBy(() -> start(lanes)).isInstanceOf(FluxException.class);
        }
    }

    @Test
    void beginsBehindWhatAnotherMachineUsed(@TempDir Path dir) {
        Instant last = Instant.parse("2026-11-26T12:00:00Z");
        Clock clock = Clock.fixed(last.plusSeconds(20), ZoneOffset.UTC);
        FluxIdGenerator ids = FluxIdGenerator.open(new int[] {7}, dir, clock, last.toEpochMilli());
        assertThat(FluxId.time(ids.next())).isAfter(last.plusSeconds(30));
        // Where nothing was used before, the clock alone tells.
        FluxIdGenerator first = FluxIdGenerator.open(new int[] {7}, dir.resolve("new"), clock, 0);
        assertThat(FluxId.time(first.next())).isEqualTo(clock.instant());
    }

    @Test
    void aFileReservationComesBack(@TempDir Path dir) {
        FileReservation file = FileReservation.in(dir.resolve("new"));
        assertThat(file.reservedThrough(7)).isZero();
        file.reserve(7, 123_456);
        file.reserve(8, 99);
        assertThat(FileReservation.in(dir.resolve("new")).reservedThrough(7)).isEqualTo(123_456);
        assertThat(file.reservedThrough(8)).isEqualTo(99);
        file.reserve(7, 123_457);
        assertThat(file.reservedThrough(7)).isEqualTo(123_457);
    }

    @Test
    void aDamagedReservationIsNeverTakenForNone(@TempDir Path dir) throws IOException {
        FileReservation file = FileReservation.in(dir);
        file.reserve(7, 123_456);
        Path path = dir.resolve("ids-7");
        byte[] good = Files.readAllBytes(path);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(path, bad);
            damaged(file);
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(path, Arrays.copyOf(good, length));
            damaged(file);
        }
        Files.write(path, Arrays.copyOf(good, good.length + 1));
        damaged(file);
        Files.delete(path);
        Files.createDirectory(path);
        damaged(file);
    }

    private static void damaged(FileReservation file) {
        assertThatThrownBy(() -> file.reservedThrough(7))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.RESERVATION));
    }

    @Test
    void aHalfWrittenReplacementLeavesTheOldOne(@TempDir Path dir) throws IOException {
        FileReservation file = FileReservation.in(dir);
        file.reserve(7, 5);
        Files.write(dir.resolve("ids-7.new"), new byte[3]);
        assertThat(file.reservedThrough(7)).isEqualTo(5);
        file.reserve(7, 6);
        assertThat(file.reservedThrough(7)).isEqualTo(6);
    }
}
