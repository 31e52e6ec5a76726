package io.fluxrig.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vault over a real log: what it knows after a start is what it knew before, with and without its snapshots. */
class VaultTest {
    private static final long SEED = Long.getLong("vault.seed", System.nanoTime());
    private static final String ORIGIN = "local/vault/rack-0001-0000000001/1";

    @TempDir
    private Path dir;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final Random random = new Random(SEED);
    private final Map<Long, Long> open = new LinkedHashMap<>();
    private long nextId = 1;
    private volatile long covered;

    @BeforeEach
    void tellTheSeed() {
        System.out.println("vault seed " + SEED);
    }

    /** One process with the vault open. Closing it closes the log in order, and leaves signals open and leaves without a checkpoint. */
    private final class Process implements AutoCloseable {
        final ActorTestKit kit = ActorTestKit.create("vault", config());
        final TestProbe<Vault.Event> owner = kit.createTestProbe(Vault.Event.class);
        final Vault.Event first;

        Process(long snapshotBytes) {
            Vault.Settings settings = Vault.Settings.of(
                    ORIGIN,
                    key,
                    DataKeys.open(dir.resolve("keys"), dir.resolve("kek"), new SecureRandom()),
                    dir.resolve("checkpoints"),
                    new Vault.Journal(
                            "vault.journal", "vault.snapshots", config(), snapshotBytes, (n, leaves) -> covered = n));
            ActorRef<Vault.Event> told = owner.ref();
            kit.spawn(Behaviors.setup(context -> {
                Vault.spawn(context, settings, told);
                return Behaviors.empty();
            }));
            first = owner.receiveMessage(Duration.ofSeconds(20));
        }

        Vault.Opened opened() {
            assertThat(first).isInstanceOf(Vault.Opened.class);
            return (Vault.Opened) first;
        }

        @Override
        public void close() {
            kit.shutdownTestKit();
        }
    }

    /** The two plugins as blocks of their own, as a node makes them for each Rack. */
    private Config config() {
        Config own = ConfigFactory.parseMap(Map.of(
                "vault.journal.dir", dir.resolve("wal").toString(),
                "vault.journal.owner", "rack-a",
                "vault.snapshots.dir", dir.resolve("snapshots").toString(),
                "pekko.loglevel", "WARNING",
                "pekko.actor.serializers.fluxrig", VaultSerializer.class.getName(),
                "pekko.actor.serialization-bindings",
                        Map.of(
                                ConfigUtil.quoteString(LeafGroup.class.getName()), "fluxrig",
                                ConfigUtil.quoteString(VaultSnapshot.class.getName()), "fluxrig")));
        Config base = ConfigFactory.load();
        return own.withFallback(base.getConfig("persistence.wal").atPath("vault.journal"))
                .withFallback(base.getConfig("persistence.wal-snapshots").atPath("vault.snapshots"))
                .withFallback(base);
    }

    /** Signals that begin, leave and end in a random order; the books are kept here as well. */
    private void traffic(Vault vault, int leaves) {
        for (int i = 0; i < leaves; i++) {
            long at = 1_000_000L * i + 1;
            int what = random.nextInt(3);
            if (what == 0 || open.isEmpty()) {
                long id = nextId++;
                open.put(id, -1L);
                vault.append(LeafDraft.of(LeafKind.INGRESS, at)
                        .id(id)
                        .gear(0x0500_0100_0000_0001L, "out")
                        .note(FluxMap.builder()
                                .put("filler", "x".repeat(random.nextInt(300)))
                                .build())
                        .build());
            } else {
                long id = open.keySet().iterator().next();
                boolean leavesNow = what == 1;
                if (leavesNow) {
                    open.put(id, 0L);
                } else {
                    open.remove(id);
                }
                vault.append(LeafDraft.of(leavesNow ? LeafKind.EGRESS : LeafKind.DONE, at)
                        .id(id)
                        .gear(0x0500_0100_0000_0002L, "out")
                        .build());
            }
        }
    }

    /** Appending is a message: what has not arrived yet is not counted as appended. */
    private static void settle(Vault vault, long leaves) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> vault.stats().durable() == leaves);
    }

    private long rounds(int rounds, long snapshotBytes) {
        long size = 0;
        for (int round = 0; round < rounds; round++) {
            try (Process process = new Process(snapshotBytes)) {
                Vault.Opened opened = process.opened();
                assertThat(opened.size()).isEqualTo(size);
                Set<Long> ids = new HashSet<>();
                opened.open().forEach(s -> {
                    ids.add(s.id());
                    assertThat(s.egress() >= 0).isEqualTo(open.get(s.id()) >= 0);
                    assertThat(s.gear()).isEqualTo(0x0500_0100_0000_0001L);
                });
                assertThat(ids).isEqualTo(open.keySet());
                int more = 200 + random.nextInt(800);
                traffic(opened.vault(), more);
                settle(opened.vault(), size + more);
                if (round == 0 || random.nextBoolean()) {
                    opened.vault().checkpoint().toCompletableFuture().join();
                }
                size = opened.vault().stats().durable();
            }
        }
        return size;
    }

    private long snapshots() throws IOException {
        if (!Files.isDirectory(dir.resolve("snapshots"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(dir.resolve("snapshots"))) {
            return files.filter(f -> f.toString().endsWith(".snapshot")).count();
        }
    }

    private byte[] rootOfTheLog() {
        List<byte[]> hashes = new ArrayList<>();
        VaultReader.at(dir.resolve("wal")).scan((leaf, where) -> hashes.add(Hashes.leafHash(leaf)), record -> {});
        return CompactRange.empty().appendAll(hashes).root();
    }

    @Test
    void aStartFromASnapshotKnowsTheTreeAndTheOpenSignals() throws IOException {
        long size = rounds(6, 4096);
        assertThat(snapshots()).isPositive();
        try (Process process = new Process(4096)) {
            assertThat(process.opened().size()).isEqualTo(size);
            process.opened().vault().append(LeafDraft.of(LeafKind.CONTROL, 1).build());
            process.opened().vault().checkpoint().toCompletableFuture().join();
        }
        Path last = new CheckpointFiles(dir.resolve("checkpoints")).last().orElseThrow();
        assertThat(CheckpointFiles.read(last, ORIGIN, key.publicKey()).root().toArray())
                .isEqualTo(rootOfTheLog());
    }

    @Test
    void aCheckpointedPastBehindTwoSnapshotsIsNeededByNoStart() {
        try (Process process = new Process(4096)) {
            Vault vault = process.opened().vault();
            for (int i = 0; i < 20 && covered == 0; i++) {
                traffic(vault, 200);
                vault.checkpoint().toCompletableFuture().join();
            }
            await().until(() -> covered > 0);
        }
    }

    @Test
    void withoutItsSnapshotsTheLogTellsTheSame() throws IOException {
        long size = rounds(3, 4096);
        try (Stream<Path> files = Files.list(dir.resolve("snapshots"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (Process process = new Process(4096)) {
            assertThat(process.opened().size()).isEqualTo(size);
            assertThat(process.opened().open().stream().map(OpenSignal::id).toList())
                    .containsExactlyElementsOf(open.keySet());
        }
    }

    @Test
    void aSnapshotYoungerThanTheLastCheckpointSendsTheStartToTheLog() throws IOException {
        long size = rounds(2, 4096);
        assertThat(snapshots()).isPositive();
        List<Path> checkpoints = new CheckpointFiles(dir.resolve("checkpoints")).all();
        for (Path checkpoint : checkpoints.subList(1, checkpoints.size())) {
            Files.delete(checkpoint);
        }
        try (Process process = new Process(4096)) {
            assertThat(process.opened().size()).isEqualTo(size);
        }
    }

    @Test
    void aLogPutBackFromAnOlderCopyIsSeenThoughASnapshotKnowsMore() throws IOException {
        rounds(1, 4096);
        Path copy = dir.resolve("older");
        try (Stream<Path> files = Files.walk(dir.resolve("wal"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, copy.resolve(dir.resolve("wal").relativize(file).toString()));
            }
        }
        try (Process process = new Process(4096)) {
            for (int i = 0; i < 5; i++) {
                traffic(process.opened().vault(), 300);
                process.opened().vault().checkpoint().toCompletableFuture().join();
            }
        }
        Files.move(dir.resolve("wal"), dir.resolve("newer"));
        Files.move(copy, dir.resolve("wal"));
        try (Process process = new Process(4096)) {
            assertThat(process.first)
                    .isInstanceOfSatisfying(
                            Vault.Fault.class,
                            fault ->
                                    assertThat(fault.cause()).hasMessageContaining(VaultError.CHECKPOINT_AHEAD.code()));
        }
    }

    @Test
    void aLogThatDoesNotLeadToItsCheckpointIsRefusedAlsoFromASnapshot() throws IOException {
        rounds(2, 4096);
        try (Process process = new Process(4096)) {
            process.opened().vault().append(LeafDraft.of(LeafKind.CONTROL, 1).build());
            process.opened().vault().checkpoint().toCompletableFuture().join();
        }
        Path last = new CheckpointFiles(dir.resolve("checkpoints")).last().orElseThrow();
        CompactRange other = CompactRange.empty();
        long size = Long.parseLong(last.getFileName().toString());
        for (long n = 0; n < size; n++) {
            other = other.append(Hashes.leafHash(new byte[] {(byte) n}));
        }
        new CheckpointFiles(dir.resolve("checkpoints")).write(ORIGIN, other, key);
        try (Process process = new Process(4096)) {
            assertThat(process.first)
                    .isInstanceOfSatisfying(
                            Vault.Fault.class,
                            fault -> assertThat(fault.cause()).hasMessageContaining(VaultError.TREE.code()));
        }
    }

    @Test
    void theReaderFindsALeafAndATimeWithoutReadingFromTheBeginning() {
        long size = rounds(3, 1 << 20);
        VaultReader reader = VaultReader.at(dir.resolve("wal"));
        for (int i = 0; i < 20; i++) {
            long n = random.nextLong(size);
            assertThat(reader.leaf(n))
                    .hasValueSatisfying(leaf -> assertThat(leaf.n()).isEqualTo(n));
        }
        assertThat(reader.leaf(size)).isEmpty();
        long[] seen = new long[1];
        reader.from(size / 2, leaf -> {
            assertThat(leaf.n()).isEqualTo(size / 2 + seen[0]++);
            return true;
        });
        assertThat(seen[0]).isEqualTo(size - size / 2);
        List<Long> all = new ArrayList<>();
        reader.forEachSince(Long.MIN_VALUE / 2, leaf -> all.add(leaf.n()));
        assertThat(all).hasSize((int) size);
    }

    @Test
    void theHashesOfLeavesThatAreKeptLeadToTheSameTree() {
        long size = rounds(2, 1 << 20);
        LeafHashes hashes = LeafHashes.of(dir);
        hashes.extendTo(size / 2, VaultReader.at(dir.resolve("wal")));
        assertThat(hashes.size()).isEqualTo(size / 2);
        hashes.extendTo(size, VaultReader.at(dir.resolve("wal")));
        List<Long> passed = new ArrayList<>();
        assertThat(hashes.tree(size, List.of(size / 3, size / 2), tree -> passed.add(tree.size()))
                        .root())
                .isEqualTo(rootOfTheLog());
        assertThat(passed).containsExactly(size / 3, size / 2, size);
        assertThatThrownBy(() -> hashes.extendTo(size + 1, VaultReader.at(dir.resolve("wal"))))
                .isInstanceOf(FluxException.class);
    }
}
