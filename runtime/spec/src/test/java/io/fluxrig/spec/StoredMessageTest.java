package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec.Decoded;
import io.fluxrig.spec.Codec.Red;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredMessageTest {
    private static final Spec PAYMENTS = Messages.payments();
    private static final Codec CODEC = PAYMENTS.codec();

    @TempDir
    Path folder;

    @Test
    void exactlyTheValueBytesAreZeroed() {
        byte[] wire = CODEC.encode(Messages.purchase());
        byte[] before = wire.clone();
        Codec.Stored stored = CODEC.withoutSad(Messages.purchase(), wire);
        assertThat(wire).as("the caller's bytes").isEqualTo(before);
        assertThat(stored.red()).extracting(Red::path).containsExactly("35", "52", "55");
        byte[] expected = before.clone();
        for (Red red : stored.red()) {
            String removed = new String(before, red.offset(), red.length(), StandardCharsets.US_ASCII);
            assertThat(removed)
                    .isEqualTo(
                            switch (red.path()) {
                                case "35" -> "9999110000000013=29121010000012345678";
                                case "52" -> "0123456789ABCDEF";
                                default -> "9F0206000000001000";
                            });
            for (int i = 0; i < red.length(); i++) {
                expected[red.offset() + i] = 0;
            }
        }
        assertThat(stored.raw()).isEqualTo(expected);
        assertThat(stored.data())
                .isEqualTo(Messages.purchase().without("35").without("52").without("55"));
    }

    @Test
    void refillingMakesItReadableAgainWithTheSameShape() {
        byte[] wire = CODEC.encode(Messages.purchase());
        Codec.Stored stored = CODEC.withoutSad(Messages.purchase(), wire);
        byte[] refilled = CODEC.refill(stored.raw(), stored.red());
        assertThat(CODEC.decode(refilled, 0, refilled.length)).isInstanceOfSatisfying(Decoded.Ok.class, ok -> {
            assertThat(ok.data().text("35")).contains("0".repeat(37));
            assertThat(ok.data().without("35").without("52").without("55")).isEqualTo(stored.data());
        });
    }

    @Test
    void inEveryEncodingNothingSensitiveIsLeftAndRefillingReads() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("StoredMessageTest seed " + seed);
        Random random = new Random(seed);
        Spec spec = Messages.everyForm(folder, "ASCII", "Binary");
        Codec codec = spec.codec();
        for (int round = 0; round < 500; round++) {
            FluxMap data = Messages.random(random);
            byte[] wire = codec.encode(data);
            Codec.Stored stored = codec.withoutSad(data, wire);
            int zeroed = 0;
            for (Red red : stored.red()) {
                assertThat(spec.sensitivityOf(red.path())).isEqualTo(Sensitivity.SAD);
                for (int i = red.offset(); i < red.offset() + red.length(); i++) {
                    assertThat(stored.raw()[i]).isZero();
                    zeroed += wire[i] == 0 ? 0 : 1;
                }
            }
            int changed = 0;
            for (int i = 0; i < wire.length; i++) {
                changed += wire[i] == stored.raw()[i] ? 0 : 1;
            }
            assertThat(changed).as("seed %s round %s", seed, round).isEqualTo(zeroed);
            byte[] refilled = codec.refill(stored.raw(), stored.red());
            assertThat(codec.decode(refilled, 0, refilled.length))
                    .as("seed %s round %s", seed, round)
                    .isInstanceOf(Decoded.Ok.class);
        }
    }

    @Test
    void withoutWireBytesTheElementIsNamedWithoutAPlace() {
        Codec.Stored stored = CODEC.withoutSad(Messages.purchase(), new byte[0]);
        assertThat(stored.red()).contains(new Red("52", 0, 0)).hasSize(3);
        assertThat(stored.raw()).isEmpty();
        assertThat(stored.data().has("52")).isFalse();
    }

    @Test
    void anElementInDataAloneOrOnTheWireAloneIsRemovedToo() {
        FluxMap plain = Messages.purchase().without("35").without("52").without("55");
        Codec.Stored inData = CODEC.withoutSad(plain.with("52", "secret"), CODEC.encode(plain));
        assertThat(inData.data()).isEqualTo(plain);
        assertThat(inData.red()).containsExactly(new Red("52", 0, 0));
        Codec.Stored onWire = CODEC.withoutSad(plain, CODEC.encode(Messages.purchase()));
        assertThat(onWire.red()).extracting(Red::path).containsExactly("35", "52", "55");
        assertThat(new String(onWire.raw(), StandardCharsets.ISO_8859_1)).doesNotContain("29121010000012345678");
    }

    @Test
    void aMessageWithoutSensitiveElementsStaysAsItIs() {
        FluxMap plain = Messages.purchase().without("35").without("52").without("55");
        byte[] wire = CODEC.encode(plain);
        Codec.Stored stored = CODEC.withoutSad(plain, wire);
        assertThat(stored.raw()).isEqualTo(wire);
        assertThat(stored.red()).isEmpty();
        assertThat(stored.data()).isSameAs(plain);
    }

    @Test
    void bytesThatCannotBeReadAreNotStored() {
        byte[] wire = CODEC.encode(Messages.purchase());
        wire[4] = 'x';
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> CODEC.withoutSad(Messages.purchase(), wire))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.MISMATCH))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("9999110000000013"));
    }

    @Test
    void placesOutsideTheBytesAreLeftAlone() {
        byte[] raw = {1, 2, 3};
        List<Red> wild = List.of(
                new Red("35", -1, 2),
                new Red("35", 2, 2),
                new Red("35", 0, -1),
                new Red("35", Integer.MAX_VALUE, Integer.MAX_VALUE),
                new Red("35", 1, Integer.MAX_VALUE),
                new Red("99", 0, 3));
        assertThatCode(() -> assertThat(CODEC.refill(raw, wild)).isEqualTo(raw)).doesNotThrowAnyException();
    }

    @Test
    void masksShowSixAndFourOfACardNumberAndNothingElse() {
        FluxMap masked = PAYMENTS.mask(Messages.purchase());
        assertThat(masked.text("2")).contains("999911******0013");
        assertThat(masked.text("14")).contains("***");
        assertThat(masked.text("35")).contains("***");
        assertThat(masked.text("52")).contains("***");
        assertThat(masked.text("55")).contains("***");
        assertThat(masked.text("4")).contains("000000001000");
        assertThat(masked.text("41")).contains("TERM0001");
        assertThat(masked.toString()).doesNotContain("9999110000000013");
    }

    @Test
    void aShortOrBinaryCardNumberIsNotShownAtAll() {
        assertThat(PAYMENTS.mask(FluxMap.builder().put("2", "123456789012").build())
                        .text("2"))
                .contains("***");
        assertThat(PAYMENTS.mask(FluxMap.builder().put("2", "1234567890123").build())
                        .text("2"))
                .contains("123456***0123");
        assertThat(PAYMENTS.mask(FluxMap.builder()
                                .put("2", Bytes.ofHex("4242424242424242424242424242424242"))
                                .build())
                        .text("2"))
                .contains("***");
    }
}
