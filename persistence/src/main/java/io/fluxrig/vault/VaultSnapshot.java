package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * What a start needs to know of the leaves before it: a cache of what the log holds, so that recovery reads what came after instead of the past.
 *
 * @param arrivals see {@link Arrivals}
 * @param roots of the tree at group ends since the last checkpoint that was known to be written: recovery compares one of them
 */
record VaultSnapshot(CompactRange tree, long lastAt, List<OpenSignal> open, Value arrivals, List<Root> roots) {
    /** The root over so many leaves. */
    record Root(long size, Bytes hash) {}

    VaultSnapshot {
        open = List.copyOf(open);
        roots = List.copyOf(roots);
    }

    byte[] encode() {
        return FluxCbor.encode(FluxMap.builder()
                .put("tree", tree.toValue())
                .put("at", lastAt)
                .put("open", Value.of(open.stream().map(VaultSnapshot::signal).toList()))
                .put("arrivals", arrivals)
                .put(
                        "roots",
                        Value.of(roots.stream()
                                .map(r -> Value.of(List.of(Value.of(r.size()), Value.of(r.hash()))))
                                .toList()))
                .build());
    }

    private static Value signal(OpenSignal s) {
        return Value.of(List.of(
                Value.of(s.id()),
                Value.of(s.ingress()),
                LeafForm.unsigned(s.gear()),
                Value.of(s.port()),
                Value.of(s.scn()),
                Value.of(s.egress())));
    }

    /** @throws FluxException where the bytes are not a snapshot */
    static VaultSnapshot decode(byte[] bytes) {
        if (FluxCbor.decode(bytes, 0, bytes.length, Integer.MAX_VALUE) instanceof FluxMap map) {
            List<OpenSignal> open = new ArrayList<>();
            for (Value item : array(map.get("open"))) {
                open.add(signal(array(item)));
            }
            List<Root> roots = new ArrayList<>();
            for (Value item : array(map.get("roots"))) {
                List<Value> pair = array(item);
                roots.add(new Root(number(pair.get(0)), hash(pair.get(1))));
            }
            return new VaultSnapshot(
                    CompactRange.fromValue(map.get("tree")),
                    map.integer("at", 0),
                    open,
                    Arrivals.fromValue(map.get("arrivals")).toValue(),
                    roots);
        }
        throw unknown();
    }

    private static OpenSignal signal(List<Value> six) {
        if (six.size() == 6 && six.get(3) instanceof Value.Text port) {
            return new OpenSignal(
                    number(six.get(0)),
                    number(six.get(1)),
                    number(six.get(2)),
                    port.value(),
                    hash(six.get(4)),
                    number(six.get(5)));
        }
        throw unknown();
    }

    private static List<Value> array(Value value) {
        if (value instanceof Value.Array array) {
            return array.items();
        }
        throw unknown();
    }

    private static Bytes hash(Value value) {
        if (value instanceof Value.Bin bin) {
            return bin.value();
        }
        throw unknown();
    }

    private static long number(Value value) {
        return switch (value) {
            case Value.Int small -> small.value();
            case Value.BigInt large -> large.value().longValue();
            default -> throw unknown();
        };
    }

    private static FluxException unknown() {
        return new FluxException(VaultError.LEAF, "not a snapshot of a vault");
    }

    @Override
    public String toString() {
        return "VaultSnapshot[" + tree.size() + " leaves]";
    }
}
