package io.fluxrig.cli;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.ApiTokens;
import io.fluxrig.node.Postgres;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalScan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final long DAYS_TO_RENEW = 14;
    private static final int FSYNCS = 16;

    private final Environment environment;
    private final Path data;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Environment environment) {
        this.environment = environment;
        this.data = Path.of(environment.get(Setting.DATA));
    }

    List<Finding> all() {
        settings();
        clock();
        boolean made = directory();
        space();
        if (made) {
            fsync();
            journals();
        }
        database();
        mixerKeys();
        port();
        names();
        certificate();
        tokens();
        return List.copyOf(findings);
    }

    private void fine(String check, String what) {
        findings.add(new Finding(check, Verdict.FINE, what, ""));
    }

    private void warn(String check, String what, String advice) {
        findings.add(new Finding(check, Verdict.WARNING, what, advice));
    }

    private void fail(String check, String what, String advice) {
        findings.add(new Finding(check, Verdict.FAILED, what, advice));
    }

    private void settings() {
        List<FluxException> wrong = environment.findings();
        wrong.forEach(f ->
                fail("settings", f.code().code() + ": " + f.what(), f.code().advice()));
        if (wrong.isEmpty()) {
            fine("settings", "they fit");
        }
    }

    private void clock() {
        Instant now = Instant.now();
        if (now.isBefore(EPOCH)) {
            fail("clock", "it says " + now, "set it: no fluxID can be given before " + EPOCH);
            return;
        }
        Optional<Instant> newest = racks().flatMap(rack -> new CheckpointFiles(rack.checkpoints()).last().stream())
                .map(Checkup::changed)
                .max(Instant::compareTo);
        if (newest.isPresent() && newest.get().isAfter(now.plus(SKEW))) {
            fail("clock", "it says " + now + ", and a checkpoint was written at " + newest.get(), "set it");
        } else {
            fine("clock", now.toString());
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
            warn("data", data + " is not there yet", "the first 'fluxrig run' makes it");
            return false;
        }
        if (!Files.isDirectory(data) || !Files.isWritable(data)) {
            fail("data", data + " is no directory that this user may write", "mount it, and give it to this user");
            return false;
        }
        if (Files.exists(data.resolve("site"))) {
            fine("data", data.toString());
            return true;
        }
        if (Files.exists(data.resolve("racks")) || Files.exists(data.resolve("mixer"))) {
            fail("data", data + " holds logs but no site file", "put the whole directory back from one copy");
        } else {
            warn("data", data + " is empty", "the first 'fluxrig run' fills it");
        }
        return Files.isWritable(data);
    }

    private void space() {
        Path there = data.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        long free = there == null ? 0 : there.toFile().getUsableSpace();
        String what = (free >> 20) + " MiB free";
        if (free < NO_SPACE) {
            fail("disk", what, "make room: at the bound new requests are refused, nothing is overwritten");
        } else if (free < LITTLE_SPACE) {
            warn("disk", what, "make room, or move sealed segments with FLUXRIG_ARCHIVE");
        } else {
            fine("disk", what);
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
                String what = "%.2f ms for 4 KiB, half of the time".formatted(took[FSYNCS / 2]);
                if (took[FSYNCS / 2] > SLOW_FSYNC_MS) {
                    warn("fsync", what, "nothing leaves before it is durable: use a faster disk");
                } else {
                    fine("fsync", what);
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            fail("fsync", String.valueOf(e.getMessage()), "look at the disk");
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

    private void journals() {
        Stream.concat(
                        racks().map(RackFiles::wal),
                        Stream.of(data.resolve("mixer").resolve("wal")))
                .filter(Files::isDirectory)
                .forEach(this::journal);
    }

    private void journal(Path wal) {
        String name = data.relativize(wal).toString();
        try {
            if (Wal.isInUse(wal)) {
                fine("journal", name + " is in use by a running node, which checks it");
            } else if (WalScan.check(wal).intact()) {
                fine("journal", name + " is intact");
            } else {
                fail(
                        "journal",
                        name + " is damaged",
                        "'fluxrig wal check' names the place; keep a copy before anything else");
            }
        } catch (FluxException refused) {
            fail("journal", name + ": " + refused.what(), refused.code().advice());
        }
    }

    /** Where the Mixer's journal is shared, whether it can be reached from here. */
    private void database() {
        if (environment.get(Setting.JDBC_URL).isEmpty()) {
            return;
        }
        Postgres site = new Postgres(environment.get(Setting.JDBC_URL), environment.get(Setting.JDBC_PASSWORD_FILE));
        try {
            fine("journal", "the Mixer's, in PostgreSQL: " + site.state());
        } catch (FluxException away) {
            fail(
                    "journal",
                    away.what(),
                    "look at FLUXRIG_JDBC_URL and FLUXRIG_JDBC_PASSWORD_FILE, at PostgreSQL and at who may connect to it; Racks work on meanwhile");
        }
    }

    /** Whoever may be the Mixer signs as all others that may. */
    private void mixerKeys() {
        String directory = environment.get(Setting.TLS);
        if (environment.get(Setting.JDBC_URL).isEmpty() || directory.isEmpty() || !mayBeMixer(directory)) {
            return;
        }
        List<String> brought = Stream.of("root.pem", "mixer.pem")
                .filter(key -> Files.isReadable(Path.of(directory, key)))
                .toList();
        switch (brought.size()) {
            case 2 -> fine("mixer keys", "in " + directory);
            case 1 ->
                fail(
                        "mixer keys",
                        "of root.pem and mixer.pem only " + brought.getFirst() + " is in " + directory,
                        "bring both: docs/operations/mixer.md");
            default ->
                warn(
                        "mixer keys",
                        "root.pem and mixer.pem are not in " + directory + "; those in " + data.resolve("keys")
                                + " are taken",
                        "fine where they are the same on every node that may be the Mixer; else bring them: docs/operations/mixer.md");
        }
    }

    private static boolean mayBeMixer(String directory) {
        try {
            return CertificateFile.usable(Path.of(directory)).identity().roles().contains("mixer");
        } catch (FluxException unusable) {
            // Told of where the certificate is looked at.
            return false;
        }
    }

    private void port() {
        String host = environment.get(Setting.MANAGEMENT_HOST);
        String port = environment.get(Setting.MANAGEMENT_PORT);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
            fine("port", host + ":" + port + " is free");
        } catch (IOException | IllegalArgumentException taken) {
            warn(
                    "port",
                    host + ":" + port + " is taken",
                    "fine where the node runs already; else set FLUXRIG_MANAGEMENT_PORT");
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
            fine("name", host + " is " + InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException unknown) {
            String advice =
                    "look at DNS; under Kubernetes the headless service must publish addresses that are not ready";
            if (host.equals(environment.get(Setting.CLUSTER_HOST))) {
                fail("name", host + " is not known", advice);
            } else {
                warn("name", host + " is not known", advice);
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
                warn("api tokens", file + " lets nobody in", "make one: 'fluxrig api token'");
            } else {
                fine("api tokens", tokens + " in " + file);
            }
        } catch (FluxException unusable) {
            fail("api tokens", unusable.what(), unusable.code().advice());
        }
    }

    private void certificate() {
        String directory = environment.get(Setting.TLS);
        if (directory.isEmpty()) {
            return;
        }
        try {
            CertificateFile.Entry mine = CertificateFile.usable(Path.of(directory));
            Duration left = mine.identity().left(Instant.now());
            String host = environment.get(Setting.CLUSTER_HOST);
            if (left.isNegative()) {
                fail("certificate", "it ended " + mine.identity().notAfter(), "issue another: 'fluxrig certs issue'");
            } else if (!host.isEmpty() && !mine.identity().hosts().contains(host)) {
                fail("certificate", "it does not name " + host, "issue one that does: 'fluxrig certs issue --host'");
            } else if (left.toDays() < DAYS_TO_RENEW) {
                warn(
                        "certificate",
                        "good for " + left.toDays() + " days",
                        "issue another; the node reads it by itself");
            } else {
                fine("certificate", "good for " + left.toDays() + " days");
            }
        } catch (FluxException unusable) {
            fail("certificate", unusable.what(), unusable.code().advice());
        }
    }
}
