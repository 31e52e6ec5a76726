package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.config.Profile;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which node may host a movable Rack, and what it has when it does. */
class TakenSeatTest {
    private static final String RACK = "gate";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    private Postgres postgres;

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
        String name = "seat" + COUNT.incrementAndGet();
        sql("postgres", "CREATE DATABASE " + name);
        postgres = new Postgres(server.getJdbcUrl("postgres", name), "");
        Files.write(folder.resolve("secret"), bytes(32));
    }

    private static void sql(String database, String statement) throws Exception {
        try (Connection db = server.getDatabase("postgres", database).getConnection();
                var sql = db.createStatement()) {
            sql.execute(statement);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** A node with a disk of its own. */
    private MovableRack on(String node, String secret) {
        Config config = ConfigFactory.parseMap(Map.of(
                        "fluxrig.jdbc.url", postgres.url(),
                        "fluxrig.movable.racks", RACK,
                        "fluxrig.movable.secret-file", folder.resolve(secret).toString()))
                .withFallback(Profile.single());
        return MovableRack.of(
                new RackSettings(
                        RACK,
                        Map.of(),
                        data(node),
                        new Shelf(data(node).blobs(), Optional.empty()),
                        GearTypes.load(getClass().getClassLoader()),
                        GearJars.none(),
                        Trust.load(data(node).trustDir()),
                        Optional.empty(),
                        Clock.systemUTC(),
                        config),
                node);
    }

    private DataDir data(String node) {
        return DataDir.openOrCreate(folder.resolve(node), Optional.of("seat.test"));
    }

    private static void refuses(MovableRack rack, NodeError with) {
        assertThatThrownBy(() -> rack.take(bytes -> {}, by -> {}))
                .isInstanceOfSatisfying(
                        FluxException.class, why -> assertThat(why.code()).isEqualTo(with));
    }

    @Test
    void everyHostHasTheSameKeys() throws Exception {
        on("a", "secret").take(bytes -> {}, by -> {}).leave();
        on("b", "secret").take(bytes -> {}, by -> {}).leave();
        assertThat(key("b").publicKey().raw()).isEqualTo(key("a").publicKey().raw());
        assertThat(Files.readAllBytes(data("b").kekFile(RACK)))
                .hasSize(32)
                .isEqualTo(Files.readAllBytes(data("a").kekFile(RACK)));
    }

    private SigningKey key(String node) {
        return SigningKey.readPem(data(node).rackKeyFile(RACK));
    }

    @Test
    void aNodeWithAnotherSecretTakesTheSeatFromNobody() throws Exception {
        MovableRack.Hosted host = on("a", "secret").take(bytes -> {}, by -> {});
        Files.write(folder.resolve("another"), bytes(32));
        refuses(on("b", "another"), NodeError.RACK_SECRET);
        host.mirror().look();
        assertThat(host.epoch()).isEqualTo(1);
        host.leave();
    }

    @Test
    void theDirectoryOfAPinnedRackIsNotReplaced() throws Exception {
        Path wal = Files.createDirectories(data("a").rackWal(RACK));
        Files.writeString(wal.resolve("identity"), "x");
        refuses(on("a", "secret"), NodeError.RACK_PINNED);
        assertThat(wal.resolve("identity")).hasContent("x");
    }

    @Test
    void aDatabaseThatWasPutBackFromAnOlderCopyIsFoundOut() throws Exception {
        on("a", "secret").take(bytes -> {}, by -> {}).leave();
        on("a", "secret").take(bytes -> {}, by -> {}).leave();
        try (Connection db = postgres.connect();
                var sql = db.createStatement()) {
            sql.execute("UPDATE rack_seat SET epoch = 1");
        }
        refuses(on("a", "secret"), NodeError.RACK_COPY);
    }

    @Test
    void aDatabaseThatIsAwayIsToldAsThat() throws IOException {
        postgres = new Postgres("jdbc:postgresql://127.0.0.1:1/none?user=x", "");
        refuses(on("a", "secret"), NodeError.RACK_DATABASE);
    }
}
