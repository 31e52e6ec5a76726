package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec.Decoded;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecRandomTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 2000);

    @TempDir
    Path folder;

    private static Random seeded(long seed) {
        System.out.println("CodecRandomTest seed " + seed);
        return new Random(seed);
    }

    private static long seed() {
        return Long.getLong("seed", System.nanoTime());
    }

    /** Ok or Unreadable, and what was read comes out again as it came in. */
    private static Decoded losesNothing(Codec codec, byte[] wire, String where) {
        Decoded decoded = codec.decode(wire, 0, wire.length);
        switch (decoded) {
            case Decoded.Ok ok -> assertThat(codec.encode(ok.data())).as(where).isEqualTo(wire);
            case Decoded.Unreadable u -> {
                assertThat(u.offset()).as(where).isBetween(0, wire.length);
                assertThat(u.reason()).as(where).isNotBlank();
                assertThat(u.field()).as(where).matches("-|\\d{1,3}");
            }
        }
        return decoded;
    }

    @ParameterizedTest
    @CsvSource({"ASCII, Binary", "BCD, HexToASCII", "EBCDIC, HexToASCII"})
    void whatIsEncodedReadsTheSame(String mti, String bitmap) {
        Codec codec = Messages.everyForm(folder, mti, bitmap).codec();
        long seed = seed();
        Random random = seeded(seed);
        for (int round = 0; round < ROUNDS; round++) {
            FluxMap data = Messages.random(random);
            byte[] wire = codec.encode(data);
            String where = "seed " + seed + " round " + round;
            assertThat(codec.decode(wire, 0, wire.length)).as(where).isEqualTo(new Decoded.Ok(data));
            losesNothing(codec, wire, where);
        }
    }

    @Test
    void everyTruncationIsToldWithItsPlace() {
        Codec codec = Messages.payments().codec();
        byte[] wire = codec.encode(Messages.purchase());
        for (int length = 0; length < wire.length; length++) {
            assertThat(codec.decode(wire, 0, length)).as("length %s", length).isInstanceOf(Decoded.Unreadable.class);
        }
    }

    @Test
    void everyChangeOfOneByteIsReadOrTold() {
        Codec codec = Messages.payments().codec();
        changeEveryByte(codec, codec.encode(Messages.purchase()));
        Codec forms = Messages.everyForm(folder, "ASCII", "Binary").codec();
        long seed = seed();
        changeEveryByte(forms, forms.encode(small(seeded(seed))));
    }

    private static FluxMap small(Random random) {
        FluxMap data = Messages.random(random);
        for (String large : new String[] {"7", "12", "120"}) {
            data = data.without(large);
        }
        return data;
    }

    private static void changeEveryByte(Codec codec, byte[] wire) {
        int read = 0;
        for (int i = 0; i < wire.length; i++) {
            byte good = wire[i];
            for (int octet = 0; octet < 256; octet++) {
                wire[i] = (byte) octet;
                if (losesNothing(codec, wire, "byte " + i + " = " + octet) instanceof Decoded.Ok) {
                    read++;
                }
            }
            wire[i] = good;
        }
        // Both outcomes occur, so the test looks at both.
        assertThat(read).isBetween(wire.length + 1, wire.length * 255);
    }

    @Test
    void noFrameMakesItThrowOrLoseAnything() {
        Codec codec = Messages.everyForm(folder, "ASCII", "Binary").codec();
        long seed = seed();
        Random random = seeded(seed);
        for (int round = 0; round < ROUNDS * 5; round++) {
            byte[] wire;
            if (round % 2 == 0) {
                wire = codec.encode(Messages.random(random));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    // Near the front, where bitmaps and lengths stand.
                    wire[random.nextInt(Math.min(wire.length, 60))] = (byte) random.nextInt(256);
                }
            } else {
                wire = new byte[random.nextInt(120)];
                random.nextBytes(wire);
                for (int i = 0; i < Math.min(4, wire.length); i++) {
                    wire[i] = (byte) ('0' + random.nextInt(10));
                }
            }
            losesNothing(codec, wire, "seed " + seed + " round " + round);
        }
    }
}
