package io.fluxrig.cli;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.ApiTokens;
import io.fluxrig.node.MovableRacks;
import io.fluxrig.node.Postgres;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalScan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of {@code fluxrig doctor}. They leave nothing behind. */
final class Checkup {
    enum Verdict {
        FINE,
        WARNING,
        FAILED
    }

    /** @param advice empty where there is nothing to do */
    record Finding(String check, Verdict verdict, String what, String advice) {}

    /** Before the project began, nothing was recorded. */
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 64L << 20;
    private static final double SLOW_FSYNC_MS = 20;
    private static final int FSYNCS = 16;

    private final Environment environment;
    private final Instant now;
    private final Path data;
    private final CheckList told = new CheckList();

    Checkup(Environment environment, Clock clock) {
        this.environment = environment;
        this.now = clock.instant();
        this.data = Path.of(environment.get(Setting.DATA));
    }

    List<Finding> all() {
        settings();
        clock();
        boolean made = directory();
        space();
        if (made) {
            fsync();
            logs().forEach(this::journal);
        }
        database();
        CertificateCheck certificates = new CertificateCheck(environment, now, told);
        certificates.mixerKeys();
        PortCheck.run(environment, takenPort(), told);
        names();
        certificates.certificate();
        tokens();
        return told.all();
    }

    private void settings() {
        List<FluxException> wrong = environment.findings();
        wrong.forEach(f -> told.fail(
                "settings", f.code().code() + ": " + f.what(), f.code().advice()));
        if (wrong.isEmpty()) {
            told.fine("settings", "they fit");
        }
    }

    private void clock() {
        if (now.isBefore(EPOCH)) {
            told.fail("clock", "it says " + now, "set it: no fluxID can be given before " + EPOCH);
            return;
        }
        Optional<Instant> newest = racks().flatMap(rack -> new CheckpointFiles(rack.checkpoints()).last().stream())
                .map(Checkup::changed)
                .max(Instant::compareTo);
        if (newest.isPresent() && newest.get().isAfter(now.plus(SKEW))) {
            told.fail("clock", "it says " + now + ", and a checkpoint was written at " + newest.get(), "set it");
        } else {
            told.fine("clock", now.toString());
        }
    }

    private static Instant changed(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException gone) {
            return Instant.EPOCH;
        }
    }

    /** Whether there is something to look at. */
    private boolean directory() {
        if (!Files.exists(data)) {
            told.warn("data", data + " is not there yet", "the first 'fluxrig run' makes it");
            return false;
        }
        if (!Files.isDirectory(data) || !Files.isWritable(data)) {
            told.fail("data", data + " is no directory that this user may write", "mount it, and give it to this user");
            return false;
        }
        if (Files.exists(data.resolve("site"))) {
            told.fine("data", data.toString());
            return true;
        }
        if (Files.exists(data.resolve("racks")) || Files.exists(data.resolve("mixer"))) {
            told.fail("data", data + " holds logs but no site file", "put the whole directory back from one copy");
        } else {
            told.warn("data", data + " is empty", "the first 'fluxrig run' fills it");
        }
        return Files.isWritable(data);
    }

    private void space() {
        Path there = data.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        judgeSpace(there == null ? 0 : there.toFile().getUsableSpace(), told);
    }

    static void judgeSpace(long free, CheckList told) {
        String what = (free >> 20) + " MiB free";
        if (free < NO_SPACE) {
            told.fail("disk", what, "make room: at the bound new requests are refused, nothing is overwritten");
        } else if (free < LITTLE_SPACE) {
            told.warn("disk", what, "make room, or move sealed segments with FLUXRIG_ARCHIVE");
        } else {
            told.fine("disk", what);
        }
    }

    private void fsync() {
        try {
            Path file = Files.createTempFile(data, "doctor", ".tmp");
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                double[] took = new double[FSYNCS];
                for (int i = 0; i < FSYNCS; i++) {
                    long start = System.nanoTime();
                    out.write(ByteBuffer.allocate(4096));
                    out.force(false);
                    took[i] = (System.nanoTime() - start) / 1e6;
                }
                Arrays.sort(took);
                judgeFsync(took[FSYNCS / 2], told);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            told.fail("fsync", String.valueOf(e.getMessage()), "look at the disk");
        }
    }

    static void judgeFsync(double millis, CheckList told) {
        String what = "%.2f ms for 4 KiB, half of the time".formatted(millis);
        if (millis > SLOW_FSYNC_MS) {
            told.warn("fsync", what, "nothing leaves before it is durable: use a faster disk");
        } else {
            told.fine("fsync", what);
        }
    }

    private Stream<RackFiles> racks() {
        Path racks = data.resolve("racks");
        if (!Files.isDirectory(racks)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.list(racks)) {
            return all
                    .filter(r -> Files.isDirectory(r.resolve("wal")))
                    .map(r -> new RackFiles(data, r.getFileName().toString()))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }

    /** The logs that are here, of Racks and of the Mixer. */
    private List<Path> logs() {
        return Stream.concat(
                        racks().map(RackFiles::wal),
                        Stream.of(data.resolve("mixer").resolve("wal")))
                .filter(Files::isDirectory)
                .toList();
    }

    /** Where nothing has begun, a node may be waiting to be let in. */
    private Verdict takenPort() {
        List<Path> logs = logs();
        if (logs.isEmpty()) {
            return Verdict.WARNING;
        }
        return logs.stream().anyMatch(Wal::isInUse) ? Verdict.FINE : Verdict.FAILED;
    }

    private void journal(Path wal) {
        String name = data.relativize(wal).toString();
        try {
            if (Wal.isInUse(wal)) {
                told.fine("journal", name + " is in use by a running node, which checks it");
            } else if (MovableRacks.isWorkingCopy(wal.getParent())) {
                told.fine(
                        "journal", name + " is a working copy of what PostgreSQL holds, from which its host mends it");
            } else if (WalScan.check(wal).intact()) {
                told.fine("journal", name + " is intact");
            } else {
                told.fail(
                        "journal",
                        name + " is damaged",
                        "'fluxrig wal check' names the place; keep a copy before anything else");
            }
        } catch (FluxException refused) {
            told.fail("journal", name + ": " + refused.what(), refused.code().advice());
        }
    }

    /** Where the Mixer's journal is shared, whether it can be reached from here. */
    private void database() {
        if (environment.get(Setting.JDBC_URL).isEmpty()) {
            return;
        }
        Postgres site = new Postgres(environment.get(Setting.JDBC_URL), environment.get(Setting.JDBC_PASSWORD_FILE));
        try {
            told.fine("journal", "the Mixer's, in PostgreSQL: " + site.state());
        } catch (FluxException away) {
            told.fail(
                    "journal",
                    away.what(),
                    "look at FLUXRIG_JDBC_URL and FLUXRIG_JDBC_PASSWORD_FILE, at PostgreSQL and at who may connect to it; Racks work on meanwhile");
        }
    }

    private void names() {
        Stream<String> seeds = Stream.of(environment.get(Setting.SEED_NODES).split(","))
                .filter(s -> !s.isEmpty())
                .map(s -> s.substring(0, s.lastIndexOf(':') < 0 ? s.length() : s.lastIndexOf(':')));
        Stream.concat(Stream.of(environment.get(Setting.CLUSTER_HOST)).filter(h -> !h.isEmpty()), seeds)
                .distinct()
                .forEach(this::name);
    }

    private void name(String host) {
        try {
            told.fine("name", host + " is " + InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException unknown) {
            String advice =
                    "look at DNS; under Kubernetes the headless service must publish addresses that are not ready";
            if (host.equals(environment.get(Setting.CLUSTER_HOST))) {
                told.fail("name", host + " is not known", advice);
            } else {
                told.warn("name", host + " is not known", advice);
            }
        }
    }

    private void tokens() {
        String file = environment.get(Setting.API_TOKENS);
        if (file.isEmpty()) {
            return;
        }
        try {
            int tokens = ApiTokens.countIn(Path.of(file));
            if (tokens == 0) {
                told.warn("api tokens", file + " lets nobody in", "make one: 'fluxrig api token'");
            } else {
                told.fine("api tokens", tokens + " in " + file);
            }
        } catch (FluxException unusable) {
            told.fail("api tokens", unusable.what(), unusable.code().advice());
        }
    }
}
