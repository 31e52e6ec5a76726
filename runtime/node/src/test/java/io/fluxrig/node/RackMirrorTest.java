package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Mirror;
import io.fluxrig.signal.Mirror.Change;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalScan;
import io.fluxrig.wal.WalSettings;
import io.fluxrig.wal.WalWrite;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of a movable Rack in PostgreSQL: what is there, who may write it, and how it comes back to a disk. */
class RackMirrorTest {
    private static final String RACK = "gate";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    private final List<FluxException> replaced = new CopyOnWriteArrayList<>();
    private final Random chance = new Random(8583);
    private Postgres postgres;
    private long next = 1;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws Exception {
        String name = "racks" + COUNT.incrementAndGet();
        try (var db = server.getPostgresDatabase().getConnection();
                var sql = db.createStatement()) {
            sql.execute("CREATE DATABASE " + name);
        }
        postgres = new Postgres(server.getJdbcUrl("postgres", name), "");
        try (Connection db = postgres.connect()) {
            Postgres.makeTables(db);
            Postgres.makeTables(db);
        }
    }

    private RackMirror take(String node) throws Exception {
        try (Connection db = postgres.connect()) {
            return new RackMirror(postgres, RackTables.take(db, RACK, node), replaced::add);
        }
    }

    private void copyTo(Path directory) throws Exception {
        try (Connection db = postgres.connect()) {
            new RackCopy(db, RACK, directory, bytes -> {}).run();
        }
    }

    private void write(Path directory, int groups) {
        try (Wal wal = Wal.open(WalSettings.defaults(directory.resolve("wal"), RACK))) {
            for (int i = 0; i < groups; i++) {
                byte[] payload = new byte[chance.nextInt(9_000)];
                chance.nextBytes(payload);
                wal.append(List.of(WalWrite.of("vault", next++, 1, "m", payload)))
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    private static Map<String, byte[]> files(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                if (!name.equals("wal/lock") && !name.startsWith(RackCopy.ASIDE)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    private static void assertSame(Path one, Path other) throws IOException {
        Map<String, byte[]> these = files(one);
        Map<String, byte[]> those = files(other);
        assertThat(those.keySet()).isEqualTo(these.keySet());
        these.forEach((name, content) -> assertThat(those.get(name)).as(name).isEqualTo(content));
    }

    @Test
    void aRestoredDirectoryIsTheOneThatWasWrittenByteForByte() throws Exception {
        Path first = folder.resolve("a");
        Path second = folder.resolve("b");
        try (RackMirror mirror = take("a");
                Closeable mirrored = Mirror.over(first, mirror)) {
            write(first, 200);
            DurableFile.write(first.resolve("passport.cose"), new byte[] {1, 2, 3});
            DurableFile.write(first.resolve("passport.cose"), new byte[] {4});
        }
        copyTo(second);
        assertSame(first, second);
        assertThat(WalScan.check(second.resolve("wal")).intact()).isTrue();

        try (RackMirror mirror = take("b");
                Closeable mirrored = Mirror.over(second, mirror)) {
            write(second, 200);
            DurableFile.delete(second.resolve("passport.cose"));
        }
        // The first host comes back: what it has is behind, and filled up where it is.
        copyTo(first);
        assertSame(second, first);
        assertThat(first.resolve(RackCopy.ASIDE)).doesNotExist();
        assertThat(WalScan.check(first.resolve("wal")).intact()).isTrue();
    }

    @Test
    void whatWasNeverAcknowledgedIsPutAside() throws Exception {
        Path first = folder.resolve("a");
        try (RackMirror mirror = take("a");
                Closeable mirrored = Mirror.over(first, mirror)) {
            write(first, 20);
        }
        Path second = folder.resolve("b");
        copyTo(second);
        Path segment = first.resolve("wal/0000000001.seg");
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {42}), file.size() - 100);
        }
        Files.write(first.resolve("index"), new byte[] {1});
        copyTo(first);
        assertSame(second, first);
        try (Stream<Path> aside = Files.list(first.resolve(RackCopy.ASIDE))) {
            assertThat(aside.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .endsWith("-0000000001.seg");
        }
    }

    @Test
    void aHostThatWasReplacedMakesNothingDurable() throws Exception {
        try (RackMirror old = take("a")) {
            old.keep(List.of(new Change.Replace("file", new byte[] {1})));
            try (RackMirror young = take("b")) {
                young.keep(List.of(new Change.Replace("file", new byte[] {2})));
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> old.keep(List.of(new Change.Replace("file", new byte[] {3}))))
                            .isInstanceOfSatisfying(
                                    FluxException.class,
                                    why -> assertThat(why.code()).isEqualTo(NodeError.RACK_ELSEWHERE));
                }
                young.look();
            }
        }
        assertThat(replaced).hasSize(1);
        copyTo(folder.resolve("c"));
        assertThat(Files.readAllBytes(folder.resolve("c/file"))).containsExactly(2);
    }

    @Test
    void aChangeThatArrivedBeforeTheConnectionWasLostIsNotMadeTwice() throws Exception {
        RackTables.Seat seat;
        try (Connection db = postgres.connect()) {
            seat = RackTables.take(db, RACK, "a");
        }
        List<Change> change = List.of(new Change.Size("log", 100), new Change.Write("log", 0, new byte[] {7}));
        try (RackMirror told = new RackMirror(postgres, seat, replaced::add);
                RackMirror untold = new RackMirror(postgres, seat, replaced::add)) {
            told.keep(change);
            untold.keep(change);
            untold.keep(List.of(new Change.Write("log", 1, new byte[] {8})));
        }
        copyTo(folder);
        assertThat(Files.readAllBytes(folder.resolve("log")))
                .startsWith(7, 8, 0)
                .hasSize(100);
        assertThat(replaced).isEmpty();
    }

    @Test
    void rowsThatOverlapBecomeOne() throws Exception {
        byte[] expected = new byte[2_000];
        try (RackMirror mirror = take("a")) {
            mirror.keep(List.of(new Change.Size("log", expected.length)));
            for (int i = 0; i < 200; i++) {
                byte[] content = new byte[1 + chance.nextInt(60)];
                chance.nextBytes(content);
                int at = chance.nextInt(expected.length - content.length);
                System.arraycopy(content, 0, expected, at, content.length);
                mirror.keep(List.of(new Change.Write("log", at, content)));
            }
        }
        copyTo(folder);
        assertThat(Files.readAllBytes(folder.resolve("log"))).isEqualTo(expected);
    }

    @Test
    void whoeverWantsSomethingDurableWaitsWhileTheDatabaseIsAway() throws Exception {
        Path directory = folder.resolve("database");
        int port;
        EmbeddedPostgres own = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .start();
        port = own.getPort();
        postgres = new Postgres(own.getJdbcUrl("postgres", "postgres"), "");
        try (Connection db = postgres.connect()) {
            Postgres.makeTables(db);
        }
        try (RackMirror mirror = take("a")) {
            mirror.keep(List.of(new Change.Replace("file", new byte[] {1})));
            own.close();
            CompletableFuture<Void> kept = CompletableFuture.runAsync(() -> {
                try {
                    mirror.keep(List.of(new Change.Replace("file", new byte[] {2})));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Awaitility.await().until(mirror::isAway);
            assertThat(kept).isNotDone();
            own = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .start();
            kept.get(30, TimeUnit.SECONDS);
            assertThat(mirror.isAway()).isFalse();
            copyTo(folder.resolve("c"));
            assertThat(Files.readAllBytes(folder.resolve("c/file"))).containsExactly(2);
        } finally {
            own.close();
        }
    }

    @Test
    void aSecretOpensOnlyWhatItWrappedAndOnlyAsThat() throws Exception {
        RackSecret secret = RackSecret.in(secret("one", 32));
        byte[] wrapped = secret.wrap(RACK, "key", new byte[] {1, 2});
        assertThat(secret.unwrap(RACK, "key", wrapped)).containsExactly(1, 2);
        RackSecret another = RackSecret.in(secret("two", 32));
        for (Runnable wrong : List.<Runnable>of(
                () -> another.unwrap(RACK, "key", wrapped),
                () -> secret.unwrap(RACK, "kek", wrapped),
                () -> secret.unwrap("press", "key", wrapped),
                () -> secret.unwrap(RACK, "key", new byte[5]),
                () -> RackSecret.in(secret("short", 31)),
                () -> RackSecret.in(folder.resolve("none").toString()),
                () -> RackSecret.in(""))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOfSatisfying(
                            FluxException.class, why -> assertThat(why.code()).isEqualTo(NodeError.RACK_SECRET));
        }
    }

    private String secret(String name, int bytes) {
        try {
            byte[] content = new byte[bytes];
            chance.nextBytes(content);
            return Files.write(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
