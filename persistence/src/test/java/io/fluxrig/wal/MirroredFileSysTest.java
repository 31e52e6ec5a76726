package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.Mirror;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose disk is a mirror goes on from the mirror alone, wherever its host dies. More seeds: {@code -Dwal.powercuts=10000}; one again: {@code -Dwal.seed=n}. */
class MirroredFileSysTest {
    private static final int SEEDS = Integer.getInteger("wal.powercuts", 300);
    private static final Long ONE_SEED = Long.getLong("wal.seed");
    private static final String PREFIX = "wal/";

    private static final class HostDied extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HostDied() {
            super("the host died", null, false, false);
        }
    }

    /** What outlives hosts. */
    private static final class Kept implements Mirror {
        private final Map<String, byte[]> files = new TreeMap<>();
        private final Random random;
        private long left = Long.MAX_VALUE;

        Kept(Random random) {
            this.random = random;
        }

        @Override
        public void keep(List<Change> changes) {
            boolean dies = --left < 0;
            if (left < -1 || dies && random.nextBoolean()) {
                // The dead do not write, whatever their threads still try.
                left = -2;
                throw new HostDied();
            }
            changes.forEach(this::apply);
            if (dies) {
                // It arrived, and nobody was told.
                throw new HostDied();
            }
        }

        private void apply(Change change) {
            switch (change) {
                case Change.Size size ->
                    files.merge(
                            size.file(), new byte[(int) size.size()], (is, zeros) -> Arrays.copyOf(is, zeros.length));
                case Change.Write write ->
                    System.arraycopy(
                            write.content(), 0, files.get(write.file()), (int) write.at(), write.content().length);
                case Change.Replace whole ->
                    files.put(whole.file(), whole.content().clone());
                case Change.Move move -> files.put(move.to(), files.remove(move.file()));
                case Change.Delete delete -> files.remove(delete.file());
            }
        }

        /** The disk of another host. */
        SimFileSys laidOut() {
            SimFileSys disk = new SimFileSys(random);
            files.forEach((name, content) -> disk.put(name.substring(PREFIX.length()), content));
            return disk;
        }
    }

    @Test
    void anotherHostGoesOnFromTheMirrorAlone() throws Exception {
        long from = ONE_SEED == null ? 1 : ONE_SEED;
        long to = ONE_SEED == null ? SEEDS : ONE_SEED;
        for (long seed = from; seed <= to; seed++) {
            try {
                hostsOneAfterTheOther(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("again with -Dwal.seed=" + seed, e);
            }
        }
    }

    private static void hostsOneAfterTheOther(Random random) throws IOException {
        Kept kept = new Kept(random);
        SimLog log = new SimLog(kept.laidOut(), random);
        for (int host = 0; host < 6; host++) {
            SimFileSys near = kept.laidOut();
            log.moveTo(new MirroredFileSys(near, kept, PREFIX));
            kept.left = random.nextInt(random.nextBoolean() ? 12 : 120);
            try {
                log.open();
                for (int i = 0; i < 40; i++) {
                    log.appendSome();
                }
                log.close();
                assertSame(near, kept);
            } catch (HostDied | CompletionException died) {
                continue;
            }
        }
        kept.left = Long.MAX_VALUE;
        log.moveTo(new MirroredFileSys(kept.laidOut(), kept, PREFIX));
        log.open();
    }

    /** After an orderly end the working copy and the mirror are the same, byte for byte. */
    private static void assertSame(SimFileSys near, Kept kept) throws IOException {
        List<String> names = new ArrayList<>();
        for (FileSys.Entry entry : near.list()) {
            names.add(PREFIX + entry.name());
            assertThat(near.content(entry.name())).as(entry.name()).isEqualTo(kept.files.get(PREFIX + entry.name()));
        }
        assertThat(kept.files.keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void zerosAheadOfUseAreNotSent() throws Exception {
        Kept kept = new Kept(new Random(1));
        List<Mirror.Change> all = new ArrayList<>();
        Mirror counting = changes -> {
            all.addAll(changes);
            kept.keep(changes);
        };
        SimLog log = new SimLog(kept.laidOut(), new Random(1));
        log.moveTo(new MirroredFileSys(kept.laidOut(), counting, PREFIX));
        log.open();
        for (int i = 0; i < 40; i++) {
            log.appendSome();
        }
        log.close();
        long sent = all.stream()
                .mapToLong(change -> switch (change) {
                    case Mirror.Change.Write write -> write.content().length;
                    case Mirror.Change.Replace whole -> whole.content().length;
                    case Mirror.Change.Size size -> 0;
                    case Mirror.Change.Move move -> 0;
                    case Mirror.Change.Delete delete -> 0;
                })
                .sum();
        long held = kept.files.values().stream().mapToLong(file -> file.length).sum();
        assertThat(sent).isLessThan(held);
    }

    @Test
    void aSmallFileIsInTheMirrorWhenItsWriterIsAnswered(@TempDir Path folder) throws Exception {
        Kept kept = new Kept(new Random(1));
        Path rack = Files.createDirectories(folder.resolve("racks/gate"));
        try (Closeable mirrored = Mirror.over(rack, kept)) {
            DurableFile.write(rack.resolve("keys/aa"), new byte[] {1, 2});
            DurableFile.write(rack.resolve("keys/bb"), new byte[] {3});
            DurableFile.delete(rack.resolve("keys/aa"));
            DurableFile.write(folder.resolve("elsewhere"), new byte[] {4});
        }
        DurableFile.write(rack.resolve("later"), new byte[] {5});
        assertThat(kept.files).containsOnlyKeys("keys/bb");
        assertThat(kept.files.get("keys/bb")).containsExactly(3);
    }
}
