package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;

/** Decodes a fluxMsg by way of its values: what {@link FluxMsgReader} does not take ends here, nearly always with the reason. */
final class FluxMsgRefusal {
    private FluxMsgRefusal() {}

    static FluxMsg read(byte[] bytes) {
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
            case "trace" ->
                builder.trace(present(key, text(key, value), text(key, value).isEmpty()));
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
        if (value instanceof Value.BigInt b
                && b.value().signum() > 0
                && b.value().bitLength() <= 64) {
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
