package io.fluxrig.signal;

import java.util.Arrays;
import java.util.Random;

/**
 * Grammar-aware fuzzing: random items and messages are damaged in ways that a CBOR writer might get wrong, then read. Whatever is accepted must be
 * what the encoder writes, bit for bit; whatever is refused must be refused with a number; and both readers of an envelope must agree.
 *
 * <p>{@code main} runs as many inputs as its first argument says, on all cores; {@link FluxCborFuzzTest} runs {@code -Dfuzz.inputs}.
 */
final class FluxCborFuzz {
    private static final byte[][] MESSAGES =
            Samples.all().values().stream().map(FluxMsg::encode).toArray(byte[][]::new);

    /** Heads and values with a rule of their own. */
    private static final byte[][] SEEDLINGS = {
        Vectors.hex("f97e00"), Vectors.hex("f97e01"), Vectors.hex("c240"), Vectors.hex("c249010000000000000000"),
        Vectors.hex("c48221192710"), Vectors.hex("d903e9a10100"), Vectors.hex("d903e9a201002801"), Vectors.hex("1817"),
        Vectors.hex("a16161f6"), Vectors.hex("a2616100616200"), Vectors.hex("62c3a9"), Vectors.hex("64f09f9880"),
        Vectors.hex("9f00ff"), Vectors.hex("5f4100ff"), Vectors.hex("fb3ff0000000000001"), Vectors.hex("fa3f800001"),
        Vectors.hex("3bffffffffffffffff"), Vectors.hex("1b8000000000000000"), Vectors.hex("81818181"),
                Vectors.hex("d28440a04040")
    };

    private final long seed;
    private final Random random;
    private final RandomValues values;
    private long accepted;

    FluxCborFuzz(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.values = new RandomValues(random);
    }

    public static void main(String[] args) throws InterruptedException {
        long inputs = Long.parseLong(args.length > 0 ? args[0] : "1000000");
        int workers = Runtime.getRuntime().availableProcessors();
        long start = System.nanoTime();
        Thread[] threads = new Thread[workers];
        for (int i = 0; i < workers; i++) {
            FluxCborFuzz fuzz = new FluxCborFuzz(start + i);
            threads[i] = Thread.ofPlatform().start(() -> {
                fuzz.run(inputs / workers);
                System.out.printf("seed %d: %d inputs, %d accepted%n", fuzz.seed, inputs / workers, fuzz.accepted);
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("%.1f s%n", (System.nanoTime() - start) / 1e9);
    }

    /** @return how many inputs were accepted */
    long run(long inputs) {
        byte[] base = {0};
        for (long i = 0; i < inputs; i++) {
            if (i % 16 == 0) {
                base = random.nextInt(3) == 0
                        ? MESSAGES[random.nextInt(MESSAGES.length)]
                        : FluxCbor.encode(values.any(random.nextInt(3)));
            }
            byte[] input = base;
            for (int k = random.nextInt(4); k >= 0; k--) {
                input = damage(input);
            }
            try {
                check(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + " input " + i + ": " + Vectors.hex(input), e);
            }
        }
        return accepted;
    }

    private byte[] damage(byte[] input) {
        int at = input.length == 0 ? 0 : random.nextInt(input.length);
        return switch (random.nextInt(8)) {
            case 0 -> changed(input, at, (byte) random.nextInt());
            case 1 ->
                input.length == 0 ? input : changed(input, at, (byte) (input[at] + (random.nextBoolean() ? 1 : -1)));
            case 2 -> input.length == 0 ? input : changed(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
            case 3 -> Arrays.copyOf(input, at);
            case 4 -> spliced(input, at, at, SEEDLINGS[random.nextInt(SEEDLINGS.length)]);
            case 5 -> spliced(input, at, Math.min(input.length, at + random.nextInt(6)), new byte[0]);
            case 6 ->
                spliced(input, at, at, Arrays.copyOfRange(input, at, Math.min(input.length, at + random.nextInt(12))));
            default -> widened(input, at);
        };
    }

    private static byte[] changed(byte[] input, int at, byte octet) {
        if (input.length == 0) {
            return new byte[] {octet};
        }
        byte[] copy = input.clone();
        copy[at] = octet;
        return copy;
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] insert) {
        byte[] result = new byte[input.length - (to - from) + insert.length];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(input, to, result, from + insert.length, input.length - to);
        return result;
    }

    /** Rewrites what may be a short head in a longer form. */
    private static byte[] widened(byte[] input, int at) {
        if (input.length == 0 || (input[at] & 31) > 23) {
            return input;
        }
        return spliced(input, at, at + 1, new byte[] {(byte) (input[at] & 0xe0 | 24), (byte) (input[at] & 31)});
    }

    private void check(byte[] input) {
        try {
            byte[] again = FluxCbor.encode(FluxCbor.decode(input));
            require(Arrays.equals(again, input), "accepted, but written differently");
            accepted++;
        } catch (CborException refused) {
            require(refused.offset() >= 0 && refused.offset() <= input.length, "the offset lies outside the input");
        }
        FluxMsg fast = read(input, true);
        FluxMsg exact = read(input, false);
        require(fast == null ? exact == null : fast.equals(exact), "the two readers of an envelope disagree");
        require(fast == null || Arrays.equals(fast.encode(), input), "a message accepted, but written differently");
    }

    private static FluxMsg read(byte[] input, boolean fast) {
        try {
            return fast ? FluxMsg.decode(input) : FluxMsgRefusal.read(input);
        } catch (FluxException refused) {
            return null;
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
