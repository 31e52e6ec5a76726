package io.fluxrig.signal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Values of every kind with a liking for edges. */
final class RandomValues {
    private static final long[] EDGES = {0, 23, 24, 255, 256, 65_535, 65_536, 0xffffffffL, 0x100000000L, Long.MAX_VALUE
    };

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    Value any(int depth) {
        int kinds = depth < 13 ? 11 : 8;
        return switch (random.nextInt(kinds)) {
            case 0 -> List.of(Value.NULL, Value.TRUE, Value.FALSE).get(random.nextInt(3));
            case 1 -> Value.of(integer());
            case 2 -> Value.of(big());
            case 3 -> Value.of(floating());
            case 4 -> Value.of(text());
            case 5 -> Value.of(bytes(random.nextInt(40)));
            case 6 ->
                Value.of(new BigDecimal(
                        random.nextBoolean() ? big() : BigInteger.valueOf(integer()), random.nextInt(1999) - 999));
            case 7 -> Value.of(time());
            case 8 -> array(depth);
            default -> map(depth);
        };
    }

    private Value array(int depth) {
        List<Value> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            items.add(any(depth + 1));
        }
        return Value.of(items);
    }

    FluxMap map(int depth) {
        FluxMap.Builder map = FluxMap.builder();
        for (int i = random.nextInt(7); i > 0; i--) {
            map.put(text(), any(depth + 1));
        }
        return map.build();
    }

    long integer() {
        long edge = EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
        return random.nextBoolean() ? edge : random.nextBoolean() ? ~edge : random.nextLong() >> random.nextInt(64);
    }

    private BigInteger big() {
        BigInteger big = new BigInteger(random.nextInt(1, 1025), random);
        return random.nextBoolean() ? big : big.not();
    }

    private double floating() {
        return switch (random.nextInt(6)) {
            case 0 -> Float.float16ToFloat((short) random.nextInt());
            case 1 -> Float.intBitsToFloat(random.nextInt());
            case 2 -> Double.longBitsToDouble(random.nextLong());
            case 3 -> random.nextInt(1000);
            case 4 -> -0.0;
            default -> random.nextGaussian();
        };
    }

    private Instant time() {
        long span = random.nextBoolean() ? 4_000_000_000L : Instant.MAX.getEpochSecond();
        return Instant.ofEpochSecond(
                random.nextLong(-span, span), random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
    }

    String text() {
        int[] points = new int[random.nextInt(random.nextInt(10) == 0 ? 60 : 8)];
        boolean ascii = random.nextInt(3) != 0;
        for (int i = 0; i < points.length; i++) {
            points[i] = ascii ? random.nextInt(0x80) : point();
        }
        return new String(points, 0, points.length);
    }

    private int point() {
        int[] limits = {0x80, 0x100, 0x800, 0x10000, 0x110000};
        int point = random.nextInt(limits[random.nextInt(limits.length)]);
        return point >= 0xd800 && point <= 0xdfff ? 'x' : point;
    }

    Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
