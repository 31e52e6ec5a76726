package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The envelope of FORMATS section 2 as bytes. Keys are in the order of their encodings: shorter first, then bytewise. */
final class FluxMsgForm {
    private FluxMsgForm() {}

    static byte[] encode(FluxMsg msg) {
        int size = 1 + size(msg);
        if (size > FluxCbor.MAX_MESSAGE) {
            throw new FluxException(SignalError.LIMIT, "the message has " + size + " bytes, more than 1 MiB");
        }
        byte[] out = new byte[size];
        int at = CborWriter.head(5, count(msg), out, 0);
        at = CborWriter.text("id", out, at);
        at = CborWriter.head(0, msg.id(), out, at);
        at = CborWriter.text("ts", out, at);
        at = CborWriter.integer(msg.ts(), out, at);
        if (!msg.raw().isEmpty()) {
            at = CborWriter.text("raw", out, at);
            at = CborWriter.bytes(msg.raw(), out, at);
        }
        if (!msg.data().isEmpty()) {
            at = CborWriter.text("data", out, at);
            at = CborWriter.write(msg.data(), out, at);
        }
        if (!msg.meta().isEmpty()) {
            at = CborWriter.text("meta", out, at);
            at = meta(msg.meta(), out, at);
        }
        if (!msg.path().isEmpty()) {
            at = CborWriter.text("path", out, at);
            at = path(msg.path(), out, at);
        }
        if (msg.flags() != 0) {
            at = CborWriter.text("flags", out, at);
            at = CborWriter.head(0, msg.flags(), out, at);
        }
        if (!msg.trace().isEmpty()) {
            at = CborWriter.text("trace", out, at);
            at = CborWriter.text(msg.trace(), out, at);
        }
        if (msg.refId() != 0) {
            at = CborWriter.text("ref_id", out, at);
            at = CborWriter.head(0, msg.refId(), out, at);
        }
        at = CborWriter.text("src_id", out, at);
        at = CborWriter.head(0, msg.srcId(), out, at);
        if (at != size) {
            throw new IllegalStateException("size and encoding disagree");
        }
        return out;
    }

    private static int count(FluxMsg msg) {
        int count = 3;
        count += msg.raw().isEmpty() ? 0 : 1;
        count += msg.data().isEmpty() ? 0 : 1;
        count += msg.meta().isEmpty() ? 0 : 1;
        count += msg.path().isEmpty() ? 0 : 1;
        count += msg.flags() == 0 ? 0 : 1;
        count += msg.trace().isEmpty() ? 0 : 1;
        return count + (msg.refId() == 0 ? 0 : 1);
    }

    /** Bytes after the map's head, which always takes one. */
    private static int size(FluxMsg msg) {
        int size = 3 + CborSize.head(msg.id()) + 3 + CborSize.head(msg.ts() < 0 ? ~msg.ts() : msg.ts()) + 7 + CborSize.head(msg.srcId());
        if (!msg.raw().isEmpty()) {
            size += 4 + CborSize.head(msg.raw().length()) + msg.raw().length();
        }
        if (!msg.data().isEmpty()) {
            size += 5 + CborSize.of(msg.data(), 1);
        }
        if (!msg.meta().isEmpty()) {
            size += 5 + CborSize.head(msg.meta().size());
            for (Map.Entry<String, String> entry : msg.meta().entrySet()) {
                size += CborSize.text(entry.getKey()) + CborSize.text(entry.getValue());
            }
        }
        if (!msg.path().isEmpty()) {
            size += 5 + CborSize.head(msg.path().size());
            for (FluxMsg.Hop hop : msg.path()) {
                size += 1 + 2 + CborSize.head(hop.gear()) + 2 + CborSize.text(hop.port()) + 2 + CborSize.head(hop.t() < 0 ? ~hop.t() : hop.t());
            }
        }
        size += msg.flags() == 0 ? 0 : 6 + CborSize.head(msg.flags());
        size += msg.trace().isEmpty() ? 0 : 6 + CborSize.text(msg.trace());
        return size + (msg.refId() == 0 ? 0 : 7 + CborSize.head(msg.refId()));
    }

    private static int meta(Map<String, String> meta, byte[] out, int at) {
        at = CborWriter.head(5, meta.size(), out, at);
        for (Map.Entry<String, String> entry : meta.entrySet()) {
            at = CborWriter.text(entry.getKey(), out, at);
            at = CborWriter.text(entry.getValue(), out, at);
        }
        return at;
    }

    private static int path(List<FluxMsg.Hop> path, byte[] out, int at) {
        at = CborWriter.head(4, path.size(), out, at);
        for (FluxMsg.Hop hop : path) {
            at = CborWriter.head(5, 3, out, at);
            at = CborWriter.text("g", out, at);
            at = CborWriter.head(0, hop.gear(), out, at);
            at = CborWriter.text("p", out, at);
            at = CborWriter.text(hop.port(), out, at);
            at = CborWriter.text("t", out, at);
            at = CborWriter.integer(hop.t(), out, at);
        }
        return at;
    }

    static FluxMsg decode(byte[] bytes) {
        if (!(FluxCbor.decode(bytes) instanceof FluxMap map)) {
            throw refuse("a fluxMsg is a map");
        }
        FluxMsg.Builder builder = FluxMsg.builder();
        for (String required : List.of("id", "ts", "src_id")) {
            if (!map.has(required)) {
                throw refuse("'" + required + "' is missing");
            }
        }
        map.forEach((key, value) -> put(builder, key, value));
        return builder.build();
    }

    private static void put(FluxMsg.Builder builder, String key, Value value) {
        switch (key) {
            case "id" -> builder.id(positive(key, value));
            case "ref_id" -> builder.refId(positive(key, value));
            case "src_id" -> builder.srcId(unsigned(key, value));
            case "ts" -> builder.ts(integer(key, value));
            case "flags" -> builder.flags(positive(key, value));
            case "trace" -> builder.trace(present(key, text(key, value), text(key, value).isEmpty()));
            case "raw" -> {
                if (!(value instanceof Value.Bin raw)) {
                    throw refuse("'raw' is not bytes");
                }
                builder.raw(present(key, raw.value(), raw.value().isEmpty()));
            }
            case "data" -> builder.data(map(key, value));
            case "meta" -> map(key, value).forEach((k, v) -> builder.meta(k, text("meta", v)));
            case "path" -> builder.path(hops(value));
            default -> throw refuse("unknown key");
        }
    }

    private static List<FluxMsg.Hop> hops(Value value) {
        if (!(value instanceof Value.Array array) || array.items().isEmpty()) {
            throw refuse("'path' is not a list of hops");
        }
        List<FluxMsg.Hop> hops = new ArrayList<>(array.items().size());
        for (Value item : array.items()) {
            if (!(item instanceof FluxMap hop) || hop.size() != 3 || !hop.has("g") || !hop.has("p") || !hop.has("t")) {
                throw refuse("a hop is {g, p, t}");
            }
            hops.add(new FluxMsg.Hop(unsigned("g", hop.get("g")), text("p", hop.get("p")), integer("t", hop.get("t"))));
        }
        return hops;
    }

    private static FluxMap map(String key, Value value) {
        if (value instanceof FluxMap map) {
            return present(key, map, map.isEmpty());
        }
        throw refuse("'" + key + "' is not a map");
    }

    private static <T> T present(String key, T value, boolean isDefault) {
        if (isDefault) {
            throw refuse("'" + key + "' is present with its default");
        }
        return value;
    }

    private static long integer(String key, Value value) {
        if (value instanceof Value.Int i) {
            return i.value();
        }
        throw refuse("'" + key + "' is not a 64-bit integer");
    }

    private static long positive(String key, Value value) {
        long number = integer(key, value);
        if (number <= 0) {
            throw refuse("'" + key + "' is not a positive integer");
        }
        return number;
    }

    private static long unsigned(String key, Value value) {
        if (value instanceof Value.Int i && i.value() >= 0) {
            return i.value();
        }
        if (value instanceof Value.BigInt b && b.value().signum() > 0 && b.value().bitLength() <= 64) {
            return b.value().longValue();
        }
        throw refuse("'" + key + "' is not an unsigned 64-bit integer");
    }

    private static String text(String key, Value value) {
        if (value instanceof Value.Text t) {
            return t.value();
        }
        throw refuse("'" + key + "' is not text");
    }

    private static FluxException refuse(String what) {
        return new FluxException(SignalError.ENVELOPE, what);
    }
}
