package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.gear.GearError;
import io.fluxrig.gears.tcp.FramingSettings.Kind;
import io.fluxrig.gears.tcp.FramingSettings.Order;
import io.fluxrig.signal.FluxException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final FramingSettings SIGNED_FOUR = length(4, Order.BIG, false, 8192);
    private static final FramingSettings LINES =
            new FramingSettings(Kind.DELIMITER, 2, Order.BIG, false, Optional.of("0d0a"), 16);

    private static FramingSettings length(int bytes, Order order, boolean inclusive, int max) {
        return new FramingSettings(Kind.LENGTH, bytes, order, inclusive, Optional.empty(), max);
    }

    private static List<FramingSettings> everyFraming() {
        List<FramingSettings> all = new ArrayList<>(
                List.of(new FramingSettings(Kind.DELIMITER, 2, Order.BIG, false, Optional.of("03"), 300)));
        for (int bytes : new int[] {2, 4}) {
            for (Order order : Order.values()) {
                all.add(length(bytes, order, false, 300));
                all.add(length(bytes, order, true, 300));
            }
        }
        return all;
    }

    @Test
    void readsWhatItWroteHoweverItIsCut() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom chance = new SplittableRandom(seed);
        for (FramingSettings settings : everyFraming()) {
            Framing framing = new Framing(settings);
            List<byte[]> frames = new ArrayList<>();
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                byte[] frame = withoutDelimiter(chance, chance.nextInt(1, 300));
                frames.add(frame);
                wire.writeBytes(framing.wrap(frame));
            }
            assertThat(read(framing.reader(), wire.toByteArray(), chance)).containsExactlyElementsOf(frames);
        }
    }

    private static byte[] withoutDelimiter(SplittableRandom chance, int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) chance.nextInt(4, 250);
        }
        return frame;
    }

    private static List<byte[]> read(FrameReader reader, byte[] wire, SplittableRandom chance) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < wire.length; ) {
            int to = Math.min(wire.length, at + chance.nextInt(1, 700));
            while (at < to) {
                at += reader.read(wire, at, to);
                byte[] frame = reader.frame();
                if (frame != null) {
                    frames.add(frame);
                }
            }
        }
        assertThat(reader.midFrame()).isFalse();
        return frames;
    }

    @Test
    void refusesALengthAboveTheMaximumBeforeAnyContent() {
        assertRefused(new Framing(FramingSettings.DEFAULT).reader(), "ffff");
        assertRefused(new Framing(SIGNED_FOUR).reader(), "ffffffff");
        assertRefused(new Framing(SIGNED_FOUR).reader(), "80000000");
    }

    @Test
    void refusesAnInclusiveLengthThatIsShorterThanItself() {
        assertRefused(new Framing(length(2, Order.BIG, true, 100)).reader(), "0001");
    }

    @Test
    void refusesAFrameThatNeverMeetsItsDelimiter() {
        assertRefused(new Framing(LINES).reader(), "41".repeat(18));
    }

    private static void assertRefused(FrameReader reader, String hex) {
        byte[] in = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> reader.read(in, 0, in.length))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(GearError.FRAME));
    }

    @Test
    void takesTheLongestFrameUpToItsDelimiter() {
        FrameReader reader = new Framing(LINES).reader();
        byte[] in = HexFormat.of().parseHex("41".repeat(16) + "0d0a");
        assertThat(reader.read(in, 0, in.length)).isEqualTo(18);
        assertThat(reader.frame()).hasSize(16);
    }

    @Test
    void tellsAKeepAliveAsAnEmptyFrame() {
        FrameReader reader = new Framing(FramingSettings.DEFAULT).reader();
        assertThat(reader.read(new byte[2], 0, 2)).isEqualTo(2);
        assertThat(reader.frame()).isEmpty();
        assertThat(reader.frame()).isNull();
    }

    @Test
    void findsFramingSettingsThatCannotWork() {
        assertThat(length(3, Order.BIG, false, 100).check()).hasSize(1);
        assertThat(length(2, Order.BIG, false, 70_000).check()).hasSize(1);
        assertThat(length(4, Order.BIG, false, 70_000).check()).isEmpty();
        assertThat(new FramingSettings(Kind.DELIMITER, 2, Order.BIG, false, Optional.of("0"), 10).check())
                .hasSize(1);
        assertThat(new FramingSettings(Kind.DELIMITER, 2, Order.BIG, false, Optional.empty(), 10).check())
                .hasSize(1);
    }
}
