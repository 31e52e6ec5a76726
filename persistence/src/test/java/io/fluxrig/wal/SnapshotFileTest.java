package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotFileTest {
    private static final SnapshotFile FILE = new SnapshotFile(
            "id", 7, 99, Optional.of(new WalWrite.Metadata(3, "mm", new byte[] {1})), 5, "man", new byte[] {1, 2, 3});

    @Test
    void readsBackWhatItWrote() {
        SnapshotFile read = SnapshotFile.parse(FILE.bytes().array()).orElseThrow();
        assertThat(read).usingRecursiveComparison().isEqualTo(FILE);
    }

    @Test
    void refusesEveryFlippedBitAndEveryShorterFile() {
        byte[] bytes = FILE.bytes().array();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SnapshotFile.parse(flipped)).isEmpty();
        }
        for (int length = 0; length < bytes.length; length++) {
            assertThat(SnapshotFile.parse(Arrays.copyOf(bytes, length))).isEmpty();
        }
    }

    @Test
    void namesHoldNothingOfThePersistenceId() {
        SnapshotFile.Name name = new SnapshotFile.Name(SnapshotFile.hash("../../etc"), 7, 99);
        assertThat(name.fileName()).matches("[0-9a-f]{64}-0{18}7-0{17}99\\.snapshot");
        assertThat(SnapshotFile.name(name.fileName())).contains(name);
        assertThat(SnapshotFile.name("x" + name.fileName())).isEmpty();
    }
}
