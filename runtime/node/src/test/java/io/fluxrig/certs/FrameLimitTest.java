package io.fluxrig.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameLimitTest {
    private static final int LARGEST = 1_000;

    private static byte[] stream(int... lengths) {
        ByteBuffer all = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        all.put(new byte[] {'A', 'K', 'K', 'A', 1});
        for (int length : lengths) {
            all.putInt(length).put(new byte[Math.clamp(length, 0, LARGEST)]);
        }
        byte[] said = new byte[all.flip().remaining()];
        all.get(said);
        return said;
    }

    private static PeerRates.Peer anybody() {
        return new PeerRates(new PeerRates.Limit(100_000, 1 << 28), () -> 0).of(List.of("anybody"));
    }

    private static boolean goesOn(byte[] said, int cut) {
        FrameLimit limit = new FrameLimit(LARGEST, anybody());
        for (int at = 0; at < said.length; at += cut) {
            if (limit.objectionTo(ByteBuffer.wrap(said, at, Math.min(cut, said.length - at)))
                    .isPresent()) {
                return false;
            }
        }
        return true;
    }

    @Test
    void framesAreFollowedHoweverTheyAreCut() {
        for (int cut = 1; cut < 1_100; cut++) {
            assertThat(goesOn(stream(1, 0, LARGEST, 255, 256, 3), cut))
                    .as("cut %d", cut)
                    .isTrue();
            assertThat(goesOn(stream(1, 0, LARGEST, LARGEST + 1), cut))
                    .as("cut %d", cut)
                    .isFalse();
        }
    }

    @Test
    void aLengthBeyondTheLargestOrBelowNothingIsRefused() {
        assertThat(goesOn(stream(LARGEST + 1), 9)).isFalse();
        assertThat(goesOn(stream(Integer.MAX_VALUE), 9)).isFalse();
        assertThat(goesOn(stream(-4), 9)).isFalse();
        assertThat(goesOn(stream(Integer.MIN_VALUE), 9)).isFalse();
    }
}
