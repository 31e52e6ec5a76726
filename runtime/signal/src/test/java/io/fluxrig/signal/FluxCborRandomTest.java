package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random values, with the seed in every message of failure. */
class FluxCborRandomTest {
    private static final int ROUNDS = 4_000;

    private final long seed = Long.getLong("fluxrig.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomValues values = new RandomValues(random);

    @Test
    void decodesWhatItEncodes() {
        for (int i = 0; i < ROUNDS; i++) {
            Value value = values.any(0);
            byte[] bytes = FluxCbor.encode(value);
            assertThat(bytes).as("seed %d round %d", seed, i).hasSize(FluxCbor.encodedSize(value));
            Value decoded = FluxCbor.decode(bytes);
            assertThat(decoded).as("seed %d round %d", seed, i).isEqualTo(value).hasSameHashCodeAs(value);
            assertThat(FluxCbor.encode(decoded)).isEqualTo(bytes);
        }
    }

    @Test
    void theOrderOfPuttingDoesNotMatter() {
        for (int i = 0; i < ROUNDS; i++) {
            FluxMap map = values.map(0);
            List<Integer> order = new ArrayList<>();
            for (int k = 0; k < map.size(); k++) {
                order.add(k);
            }
            Collections.shuffle(order, random);
            FluxMap.Builder shuffled = FluxMap.builder();
            order.forEach(k -> shuffled.put(map.keyAt(k), map.valueAt(k)));
            FluxMap oneByOne = FluxMap.EMPTY;
            for (int k : order) {
                oneByOne = oneByOne.with(map.keyAt(k), map.valueAt(k));
            }
            assertThat(FluxCbor.encode(shuffled.build()))
                    .as("seed %d round %d", seed, i)
                    .isEqualTo(FluxCbor.encode(map));
            assertThat(oneByOne).as("seed %d round %d", seed, i).isEqualTo(map);
        }
    }

    @Test
    void writesInPlaceWithoutTouchingItsNeighbours() {
        for (int i = 0; i < ROUNDS / 4; i++) {
            Value value = values.any(0);
            byte[] alone = FluxCbor.encode(value);
            byte[] target = new byte[alone.length + 20];
            Arrays.fill(target, (byte) 0x5a);
            assertThat(FluxCbor.encodeInto(value, target, 10)).isEqualTo(10 + alone.length);
            assertThat(Arrays.copyOfRange(target, 10, 10 + alone.length)).isEqualTo(alone);
            for (int k = 0; k < 10; k++) {
                assertThat(target[k]).isEqualTo((byte) 0x5a);
                assertThat(target[target.length - 1 - k]).isEqualTo((byte) 0x5a);
            }
        }
    }

    @Test
    void jacksonReadsTheSameValues() throws IOException {
        CBORFactory factory = new CBORFactory();
        for (int i = 0; i < ROUNDS; i++) {
            Value value = values.any(0);
            try (CBORParser parser = factory.createParser(FluxCbor.encode(value))) {
                parser.nextToken();
                assertSame(value, parser, "seed " + seed + " round " + i);
                assertThat(parser.nextToken()).isNull();
            }
        }
    }

    private static void assertSame(Value value, CBORParser in, String where) throws IOException {
        switch (value) {
            case Value.Null n -> assertThat(in.currentToken()).as(where).isEqualTo(JsonToken.VALUE_NULL);
            case Value.Bool b -> assertThat(in.getBooleanValue()).as(where).isEqualTo(b.value());
            case Value.Int v ->
                assertThat(in.getBigIntegerValue().longValueExact()).as(where).isEqualTo(v.value());
            case Value.BigInt v -> {
                // Jackson 2.21 takes the bytes for two's complement, and reads tag 3 as -n where RFC 8949 section 3.4.3
                // says -1-n.
                boolean tagged = v.value().bitLength() > 64;
                BigInteger theirs = tagged && v.value().signum() < 0 ? v.value().add(BigInteger.ONE) : v.value();
                if (!tagged || v.value().bitLength() % 8 != 0) {
                    assertThat(in.getBigIntegerValue()).as(where).isEqualTo(theirs);
                }
            }
            case Value.Float f -> {
                assertThat(in.currentToken()).as(where).isEqualTo(JsonToken.VALUE_NUMBER_FLOAT);
                assertThat(Double.compare(in.getDoubleValue(), f.value()))
                        .as(where)
                        .isZero();
            }
            case Value.Decimal d -> {
                assertThat(in.getNumberType()).as(where).isEqualTo(JsonParser.NumberType.BIG_DECIMAL);
                BigDecimal read = in.getDecimalValue();
                // Jackson 2.21 takes the bytes of a bignum in a decimal for two's complement: no oracle there.
                if (d.fitsLong()) {
                    assertThat(read).as(where).isEqualTo(d.value());
                }
            }
            case Value.Time t -> {
                assertThat(in.getCurrentTag()).as(where).isEqualTo(1001);
                in.skipChildren();
            }
            case Value.Text t -> assertThat(in.getText()).as(where).isEqualTo(t.value());
            case Value.Bin b ->
                assertThat(in.getBinaryValue()).as(where).isEqualTo(b.value().toArray());
            case Value.Array a -> {
                assertThat(in.currentToken()).as(where).isEqualTo(JsonToken.START_ARRAY);
                for (Value item : a.items()) {
                    in.nextToken();
                    assertSame(item, in, where);
                }
                assertThat(in.nextToken()).as(where).isEqualTo(JsonToken.END_ARRAY);
            }
            case FluxMap m -> {
                assertThat(in.currentToken()).as(where).isEqualTo(JsonToken.START_OBJECT);
                for (int k = 0; k < m.size(); k++) {
                    assertThat(in.nextFieldName()).as(where).isEqualTo(m.keyAt(k));
                    in.nextToken();
                    assertSame(m.valueAt(k), in, where);
                }
                assertThat(in.nextToken()).as(where).isEqualTo(JsonToken.END_OBJECT);
            }
        }
    }
}
