package io.fluxrig.signal;

/**
 * The deterministic CBOR profile of FORMATS section 1 (RFC 8949 section 4.2.1 with every choice fixed). Encoding is a pure function of
 * the value; decoding accepts exactly what encoding writes.
 */
public final class FluxCbor {
    /** Largest fluxMsg in bytes. */
    public static final int MAX_MESSAGE = 1 << 20;

    /** Largest leaf and artifact payload in bytes. */
    public static final int MAX_LEAF = 1 << 21;

    private FluxCbor() {}

    /** One item of a sequence (RFC 8742) and the offset after it. */
    public record Item(Value value, int end) {}

    /** @throws FluxException LIMIT where the value nests deeper than the profile allows */
    public static byte[] encode(Value value) {
        byte[] encoded = new byte[encodedSize(value)];
        CborWriter.write(value, encoded, 0);
        return encoded;
    }

    /** The exact number of bytes that {@link #encode} returns. */
    public static int encodedSize(Value value) {
        return CborSize.of(value, 0);
    }

    /** Writes the encoding at {@code offset} and returns the offset after it; {@code target} must have room. */
    public static int encodeInto(Value value, byte[] target, int offset) {
        CborSize.of(value, 0);
        return CborWriter.write(value, target, offset);
    }

    /** Decodes one message-sized item that fills {@code bytes}. */
    public static Value decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length, MAX_MESSAGE);
    }

    /**
     * Decodes exactly one item that fills {@code [from, to)}.
     *
     * @throws CborException with offset and rule
     */
    public static Value decode(byte[] bytes, int from, int to, int maxBytes) {
        if (to - from > maxBytes) {
            throw new CborException(from, "too-large");
        }
        CborReader reader = new CborReader(bytes, from, to);
        Value value = reader.value(0);
        if (reader.position() != to) {
            throw new CborException(reader.position(), "trailing-bytes");
        }
        return value;
    }

    /**
     * Decodes the item of a sequence that starts at {@code from}.
     *
     * @throws CborException with offset and rule
     */
    public static Item next(byte[] bytes, int from, int maxBytes) {
        int to = (int) Math.min(bytes.length, (long) from + maxBytes);
        CborReader reader = new CborReader(bytes, from, to);
        try {
            Value value = reader.value(0);
            return new Item(value, reader.position());
        } catch (CborException e) {
            // What is cut off here by the limit alone would be a false "truncated".
            throw e.rule().equals(CborReader.TRUNCATED) && to < bytes.length ? new CborException(from, "too-large") : e;
        }
    }

    /** The diagnostic notation of RFC 8949 section 8. Shows content: for people who may see it. */
    public static String diag(Value value) {
        StringBuilder text = new StringBuilder();
        CborDiag.write(value, text);
        return text.toString();
    }
}
