package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.fluxrig.cli.Checkup.Finding;
import io.fluxrig.cli.Checkup.Verdict;
import io.fluxrig.config.Environment;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check of {@code fluxrig doctor}: where all is well, and where it is not. Those of the certificate are in {@link CertificateCheckTest}. */
class CheckupTest {
    /** Longer than a label of a name may be: nobody has to be asked to know that it is none. */
    private static final String NOWHERE = "n".repeat(64) + ".example";

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private Clock clock = Clock.systemUTC();

    @BeforeEach
    void nothingIsTaken() {
        settings.put("FLUXRIG_DATA", data().toString());
        settings.put("FLUXRIG_MANAGEMENT_PORT", "0");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private List<Finding> all(String check) {
        return new Checkup(Environment.of(settings), clock)
                .all().stream().filter(finding -> finding.check().equals(check)).toList();
    }

    private Finding one(String check) {
        assertThat(all(check)).hasSize(1);
        return all(check).getFirst();
    }

    /** A data directory in which a Rack has written. */
    private Path rackLog() throws IOException {
        Path wal = Files.createDirectories(data().resolve("racks/rack-a/wal"));
        Files.writeString(data().resolve("site"), "local\n");
        Wal.open(WalSettings.defaults(wal, "rack-a")).close();
        return wal;
    }

    @Test
    void aClockFromBeforeTheFirstSignalEverFails() {
        assertThat(one("clock").verdict()).isEqualTo(Verdict.FINE);
        clock = Clock.fixed(Instant.parse("2025-12-31T23:59:59Z"), ZoneOffset.UTC);
        assertThat(one("clock").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(one("clock").advice()).contains("set it");
    }

    @Test
    void aClockBehindTheLastCheckpointFails() throws IOException {
        rackLog();
        Path checkpoints = Files.createDirectories(data().resolve("racks/rack-a/checkpoints"));
        Path last = Files.createFile(checkpoints.resolve("00000000000000000007"));
        assertThat(one("clock").verdict()).isEqualTo(Verdict.FINE);
        Files.setLastModifiedTime(last, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        assertThat(one("clock").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(one("clock").what()).contains("a checkpoint was written at");
    }

    @Test
    void aDataDirectoryIsOneThatIsWholeAndMayBeWritten() throws IOException {
        rackLog();
        assertThat(one("data").verdict()).isEqualTo(Verdict.FINE);
        Files.delete(data().resolve("site"));
        assertThat(one("data").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(one("data").what()).contains("no site file");
        settings.put("FLUXRIG_DATA", Files.createFile(folder.resolve("file")).toString());
        assertThat(one("data").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(all("fsync")).isEmpty();
    }

    @Test
    void aDataDirectoryOfSomebodyElseFails() throws IOException {
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeFalse(Files.isWritable(data()), "root may write everywhere");
        assertThat(one("data").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(one("data").advice()).contains("give it to this user");
    }

    private static Finding judged(Consumer<CheckList> check) {
        CheckList told = new CheckList();
        check.accept(told);
        assertThat(told.all()).hasSize(1);
        return told.all().getFirst();
    }

    @Test
    void aFullDiskFailsAndAnAlmostFullOneWarns() {
        assertThat(judged(told -> Checkup.judgeSpace(8L << 30, told)).verdict()).isEqualTo(Verdict.FINE);
        Finding little = judged(told -> Checkup.judgeSpace(900L << 20, told));
        assertThat(little.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(little.what()).isEqualTo("900 MiB free");
        assertThat(little.advice()).contains("FLUXRIG_ARCHIVE");
        assertThat(judged(told -> Checkup.judgeSpace(63L << 20, told)).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void aSlowDiskWarns() {
        assertThat(judged(told -> Checkup.judgeFsync(0.4, told)).verdict()).isEqualTo(Verdict.FINE);
        Finding slow = judged(told -> Checkup.judgeFsync(35, told));
        assertThat(slow.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(slow.advice()).contains("faster disk");
    }

    @Test
    void aLogIsReadUnlessANodeHasItOpen() throws IOException {
        Path wal = rackLog();
        assertThat(one("journal").what()).contains("is intact");
        try (Wal open = Wal.open(WalSettings.defaults(wal, "rack-a"))) {
            assertThat(one("journal").what()).contains("in use");
        }
    }

    @Test
    void theWorkingCopyOfAMovableRackMayBeTorn() throws IOException {
        Path wal = rackLog();
        Files.write(wal.resolve("0000000001.seg"), new byte[8192]);
        assertThat(one("journal").verdict()).isEqualTo(Verdict.FAILED);
        Files.writeString(data().resolve("racks/rack-a/movable"), "1\n");
        assertThat(one("journal").verdict()).isEqualTo(Verdict.FINE);
        assertThat(one("journal").what()).contains("PostgreSQL");
    }

    @Test
    void everyPortThatANodeWouldListenOnIsTried() throws IOException {
        int management = LiveSwitch.freePort();
        int api = LiveSwitch.freePort();
        int cluster = LiveSwitch.freePort();
        settings.put("FLUXRIG_MANAGEMENT_PORT", "" + management);
        settings.put("FLUXRIG_API_LISTEN", "0.0.0.0:" + api);
        settings.put("FLUXRIG_PROFILE", "cluster");
        settings.put("FLUXRIG_CLUSTER_HOST", "127.0.0.1");
        settings.put("FLUXRIG_CLUSTER_PORT", "" + cluster);
        assertThat(all("port"))
                .extracting(Finding::what)
                .containsExactly(
                        "127.0.0.1:" + management + " is free",
                        "0.0.0.0:" + api + " is free",
                        "127.0.0.1:" + cluster + " is free");
        assertThat(all("port")).extracting(Finding::verdict).containsOnly(Verdict.FINE);
        // What is listened on may differ from what the others are told.
        settings.put("FLUXRIG_CLUSTER_HOST", NOWHERE);
        settings.put("FLUXRIG_CLUSTER_BIND_HOST", "127.0.0.1");
        settings.put("FLUXRIG_CLUSTER_BIND_PORT", "" + LiveSwitch.freePort());
        assertThat(all("port").getLast().what())
                .isEqualTo("127.0.0.1:" + settings.get("FLUXRIG_CLUSTER_BIND_PORT") + " is free");
    }

    @Test
    void aTakenPortNamesItsSetting() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            settings.put("FLUXRIG_MANAGEMENT_PORT", port);
            assertThat(one("port").advice()).contains("FLUXRIG_MANAGEMENT_PORT");
            settings.put("FLUXRIG_MANAGEMENT_PORT", "0");
            settings.put("FLUXRIG_API_LISTEN", "127.0.0.1:" + port);
            assertThat(one("port").advice()).contains("FLUXRIG_API_LISTEN");
            settings.remove("FLUXRIG_API_LISTEN");
            settings.put("FLUXRIG_CLUSTER_PORT", port);
            assertThat(one("port").advice()).contains("FLUXRIG_CLUSTER_PORT");
            settings.put("FLUXRIG_CLUSTER_BIND_PORT", port);
            assertThat(one("port").advice()).contains("FLUXRIG_CLUSTER_BIND_PORT");
        }
    }

    @Test
    void aTakenPortFailsOnlyWhereANodeThatHasBegunDoesNotRun() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("FLUXRIG_MANAGEMENT_PORT", Integer.toString(other.getLocalPort()));
            assertThat(one("port").verdict()).isEqualTo(Verdict.WARNING);
            Path wal = rackLog();
            assertThat(one("port").verdict()).isEqualTo(Verdict.FAILED);
            try (Wal open = Wal.open(WalSettings.defaults(wal, "rack-a"))) {
                assertThat(one("port").verdict()).isEqualTo(Verdict.FINE);
            }
        }
    }

    @Test
    void twoSettingsThatNameOnePortAreFound() throws IOException {
        rackLog();
        int port = LiveSwitch.freePort();
        settings.put("FLUXRIG_MANAGEMENT_PORT", "" + port);
        settings.put("FLUXRIG_CLUSTER_PORT", "" + port);
        assertThat(all("port")).extracting(Finding::verdict).containsExactly(Verdict.FINE, Verdict.FAILED);
    }

    @Test
    void aSeedNodeThatNobodyKnowsWarnsAndAnOwnNameFails() {
        settings.put("FLUXRIG_CLUSTER_HOST", "localhost");
        settings.put("FLUXRIG_SEED_NODES", "localhost:7355," + NOWHERE + ":7355");
        assertThat(all("name")).extracting(Finding::verdict).containsExactly(Verdict.FINE, Verdict.WARNING);
        assertThat(all("name").getLast().what()).isEqualTo(NOWHERE + " is not known");
        assertThat(all("name").getLast().advice()).contains("DNS");
        settings.put("FLUXRIG_CLUSTER_HOST", NOWHERE);
        assertThat(all("name").getFirst().verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void whatIsWrittenWronglyIsToldAndNothingElseFallsOverIt() {
        settings.put("FLUXRIG_API_LISTEN", "nowhere");
        settings.put("FLUXRIG_CLUSTER_PORT", "many");
        assertThat(all("settings")).extracting(Finding::verdict).containsOnly(Verdict.FAILED);
        assertThat(all("port")).isEmpty();
    }
}
