package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A log on a simulated disk with a memory of what it acknowledged, checked against the invariants after every start. */
final class SimLog {
    private final SimFileSys fs;
    private FileSys disk;
    private final Random random;
    private final boolean readsAll;
    private WalSettings settings = Logs.small(Path.of("sim"));
    private final List<WalWrite> acknowledged = new ArrayList<>();
    private List<Unit> offered = List.of();
    private long next = 1;
    private WalLog log;

    SimLog(SimFileSys fs, Random random) {
        this(fs, random, false);
    }

    /** @param readsAll no start goes by the landmark */
    SimLog(SimFileSys fs, Random random, boolean readsAll) {
        this.readsAll = readsAll;
        this.fs = fs;
        this.disk = fs;
        this.random = random;
    }

    /** From its next start on the log lies there. */
    void moveTo(FileSys another) {
        disk = another;
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Opens the log and checks I1 to I3: everything acknowledged is there, then whole units of what was offered, and nothing else. */
    void open() throws IOException {
        // Half of the starts go by the landmark, where they may.
        settings = settings.with(new WalSettings.Upkeep(
                readsAll || random.nextBoolean() ? Long.MAX_VALUE : 0, 1 << 20, Duration.ofDays(1), 0));
        WalIndex index = new WalIndex();
        log = WalLog.open(
                disk, settings, index, Runnable::run, new WalStats(), Opening.of(Path.of("sim")), notice -> {});
        List<WalRecord> read = new ArrayList<>();
        WalScan.Report report = WalScan.of(disk, read::add);
        assertThat(report.findings()).isEmpty();
        assertThat(report.tornBytes()).isZero();
        List<WalWrite> expected = new ArrayList<>(acknowledged);
        if (read.size() > acknowledged.size()) {
            for (Unit unit : offered) {
                expected.addAll(((Unit.Events) unit).writes());
            }
        }
        assertThat(read).hasSameSizeAs(expected);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).persistenceId()).isEqualTo(expected.get(i).persistenceId());
            assertThat(read.get(i).sequenceNr()).isEqualTo(expected.get(i).sequenceNr());
            assertThat(read.get(i).payload()).isEqualTo(expected.get(i).payload());
        }
        // What a start has shown to readers must stay, acknowledged or not.
        acknowledged.clear();
        acknowledged.addAll(expected);
        offered = List.of();
        next = expected.isEmpty() ? 1 : expected.get(expected.size() - 1).sequenceNr() + 1;
    }

    void appendSome() throws IOException {
        List<Unit> units = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String id = "id-" + random.nextInt(3);
            List<WalWrite> writes = new ArrayList<>();
            for (int events = 1 + random.nextInt(3); events > 0; events--) {
                writes.add(Logs.write(id, next++, random.nextInt(random.nextInt(10) == 0 ? 6000 : 700)));
            }
            units.add(new Unit.Events(id, writes));
        }
        offered = units;
        while (true) {
            try {
                log.append(units);
                break;
            } catch (NoSpaceException e) {
                assertThat(fs.isFull()).isTrue();
                if (random.nextInt(3) == 0) {
                    fs.spaceReturns();
                }
            }
        }
        units.forEach(unit -> acknowledged.addAll(((Unit.Events) unit).writes()));
        offered = List.of();
        if (random.nextInt(8) == 0) {
            log.forceWatermark();
        }
    }

    void close() throws IOException {
        log.closeInOrder();
    }
}
