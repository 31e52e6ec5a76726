package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F26, the half of the facts: whatever happens on the way, the Mixer has each signal once. */
class SignalCourierTest {
    private static final Bytes LOCAL = Bytes.wrap(new byte[] {1});
    private static final Bytes OPEN = Bytes.wrap(new byte[] {2});
    private static final SignalCourier.Settings FAST = new SignalCourier.Settings(Duration.ofMillis(5), 10_000_000);

    @TempDir
    private Path dir;

    private final List<VaultTail.Group> log = new CopyOnWriteArrayList<>();
    private SignalBook book;
    private long n;

    @BeforeEach
    void open() {
        book = SignalBook.open(new BookTables.InFile(dir.resolve("signals.db")));
    }

    private Leaf leaf(String kind, long id, Bytes scenario) {
        FluxMap.Builder map = FluxMap.builder()
                .put("n", n)
                .put("at", 1_000 + n)
                .put("kind", kind)
                .put("id", id)
                .put("gear", 77)
                .put("port", "out")
                .put("scn", scenario);
        n++;
        if (kind.equals("done")) {
            map.put("note", FluxMap.of("outcome", io.fluxrig.signal.Value.of("sent")));
        }
        return Leaf.parse(FluxCbor.encode(map.build()));
    }

    private static final Border OPEN_BORDER = new Border(Level.METADATA, List.of(), List.of());

    private void signal(long id, Bytes scenario) {
        log.add(new VaultTail.Group(
                log.size() + 1, List.of(leaf("ingress", id, scenario), leaf("emit", id, scenario))));
        log.add(new VaultTail.Group(log.size() + 1, List.of(leaf("done", id, scenario))));
    }

    private List<VaultTail.Group> after(long sequenceNr, int most) {
        List<VaultTail.Group> now = new ArrayList<>(log);
        int from = (int) Math.min(sequenceNr, now.size());
        return now.subList(from, Math.min(now.size(), from + most));
    }

    private SignalCourier courier(SignalCourier.Settings settings, SignalCourier.Receiver mixer) {
        SignalCourier.Source source = new SignalCourier.Source(
                "rack-a",
                "site/vault/rack-0001-0000000001/1",
                this::after,
                dir.resolve("outgoing/cursor"),
                DataKeys.unwrapped(List.of()));
        return SignalCourier.start(
                settings, source, scn -> scn.equals(LOCAL) ? Border.CLOSED : OPEN_BORDER, mixer, Duration.ZERO);
    }

    private List<Long> listed() {
        return book.find(SignalQuery.of(Map.of("limit", "10000"))).stream()
                .map(SignalBook.Row::id)
                .sorted()
                .toList();
    }

    private synchronized long take(Bytes facts) {
        return book.take(SignalFacts.decode(facts));
    }

    @Test
    void everySignalIsStoredOnceOverLostAnswersRestartsAndLostPlaces() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Random way = new Random(seed + 1);
        SignalCourier.Receiver flapping = facts -> {
            if (way.nextInt(3) == 0) {
                throw new FluxException(NodeError.SILENT, "cut");
            }
            long next = take(facts);
            if (way.nextInt(4) == 0) {
                throw new FluxException(NodeError.SILENT, "the answer was lost");
            }
            return next;
        };
        List<Long> all = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            try (SignalCourier courier = courier(FAST, flapping)) {
                for (int i = random.nextInt(40); i >= 0; i--) {
                    all.add(1L + all.size());
                    signal(all.size(), OPEN);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(15));
            }
            if (random.nextInt(5) == 0) {
                Files.deleteIfExists(dir.resolve("outgoing/cursor"));
            }
            if (random.nextInt(8) == 0) {
                loseTheBook();
            }
        }
        try (SignalCourier last = courier(FAST, flapping)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> last.backlog(() -> n) == 0);
        }
        assertThat(listed()).isEqualTo(all);
        assertThat(book.find(SignalQuery.of(Map.of("outcome", "open")))).isEmpty();
    }

    private synchronized void loseTheBook() throws IOException {
        book.close();
        for (String file : new String[] {"signals.db", "signals.db-wal", "signals.db-shm"}) {
            Files.deleteIfExists(dir.resolve(file));
        }
        open();
    }

    @Test
    void tellsHowFarItIsBehindWhileTheMixerIsAway() {
        signal(1, OPEN);
        signal(2, OPEN);
        try (SignalCourier courier = courier(FAST, facts -> {
            throw new FluxException(NodeError.SILENT, "cut");
        })) {
            await().until(() -> courier.oldestAt() == 1_000);
            assertThat(courier.backlog(() -> n)).isEqualTo(6);
        }
    }

    @Test
    void bringsNothingOfSignalsThatWereLocalAndGoesOnBehindThem() {
        signal(1, LOCAL);
        signal(2, OPEN);
        signal(3, LOCAL);
        try (SignalCourier courier = courier(FAST, this::take)) {
            await().until(() -> courier.backlog(() -> n) == 0);
        }
        assertThat(listed()).containsExactly(2L);
    }

    @Test
    void goesNoFasterThanItMay() {
        for (int i = 1; i <= 400; i++) {
            signal(i, OPEN);
        }
        long began = System.nanoTime();
        try (SignalCourier courier = courier(new SignalCourier.Settings(Duration.ofMillis(5), 1_000), this::take)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> courier.backlog(() -> n) == 0);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
    }
}
