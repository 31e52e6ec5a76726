package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.CborException;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One leaf as read from a log (FORMATS section 7). Kinds and keys that this version does not know are kept.
 *
 * @param map the whole leaf
 * @param bytes its exact encoding
 */
public record Leaf(FluxMap map, Bytes bytes) {

    /** @throws FluxException LEAF where the bytes are not a leaf */
    public static Leaf parse(byte[] encoded) {
        try {
            if (FluxCbor.decode(encoded, 0, encoded.length, FluxCbor.MAX_LEAF) instanceof FluxMap map) {
                return checked(new Leaf(map, Bytes.wrap(encoded)));
            }
        } catch (CborException bad) {
            throw new FluxException(
                    VaultError.LEAF, "not fluxCBOR at byte " + bad.offset() + " (" + bad.rule() + ")", bad);
        }
        throw new FluxException(VaultError.LEAF, "a leaf is a map");
    }

    private static Leaf checked(Leaf leaf) {
        if (leaf.map.integer("n", -1) < 0
                || leaf.map.text("kind").isEmpty()
                || !(leaf.map.get("at") instanceof Value.Int)) {
            throw new FluxException(VaultError.LEAF, "n, at and kind are required");
        }
        return leaf;
    }

    public long n() {
        return map.integer("n", -1);
    }

    public long at() {
        return map.integer("at", 0);
    }

    public String kind() {
        return map.text("kind").orElseThrow();
    }

    public boolean is(LeafKind kind) {
        return kind().equals(kind.text());
    }

    /** 0 on control leaves. */
    public long id() {
        return map.integer("id", 0);
    }

    /** Index of the leaf that caused this one, or -1. */
    public long in() {
        return map.integer("in", -1);
    }

    /** The gear's 64-bit entity id, 0 where there is none; may be negative as a long. */
    public long gear() {
        Value gear = map.get("gear");
        return gear instanceof Value.BigInt large ? large.value().longValue() : map.integer("gear", 0);
    }

    public String port() {
        return map.text("port").orElse("");
    }

    public Bytes scn() {
        return bytes("scn");
    }

    public Bytes spec() {
        return bytes("spec");
    }

    public FluxMap note() {
        return map.get("note") instanceof FluxMap note ? note : FluxMap.EMPTY;
    }

    /** The code of a failed leaf, empty on others. */
    public Optional<String> code() {
        return note().text("code");
    }

    /** Names the data key that seals the message; empty where there is none, or where it lies in clear. */
    public Optional<Bytes> sealedWith() {
        return encrypted()
                .filter(enc -> enc.get("k") instanceof Value.Bin)
                .map(enc -> ((Value.Bin) enc.get("k")).value());
    }

    public boolean holdsMessage() {
        return map.has("msg") || map.has("enc");
    }

    /** The message in clear, where it is not encrypted. */
    Bytes plainMessage() {
        return bytes("msg");
    }

    Optional<FluxMap> encrypted() {
        return map.get("enc") instanceof FluxMap enc ? Optional.of(enc) : Optional.empty();
    }

    /** Digest of an emitted message; empty bytes where there is none. */
    public Bytes digest() {
        return bytes("h");
    }

    /** Names the data key with which {@link #digest} is keyed; empty bytes where it is a plain hash. */
    public Bytes digestKey() {
        return bytes("k");
    }

    public List<Stored.Red> red() {
        List<Stored.Red> all = new ArrayList<>();
        if (map.get("red") instanceof Value.Array array) {
            for (Value item : array.items()) {
                if (!(item instanceof Value.Array triple)
                        || triple.items().size() != 3
                        || !(triple.items().get(0) instanceof Value.Text path)
                        || !(triple.items().get(1) instanceof Value.Int offset)
                        || !(triple.items().get(2) instanceof Value.Int length)) {
                    throw new FluxException(VaultError.LEAF, "red holds [path, offset, length]");
                }
                all.add(new Stored.Red(path.value(), Math.toIntExact(offset.value()), Math.toIntExact(length.value())));
            }
        }
        return all;
    }

    private Bytes bytes(String key) {
        return map.get(key) instanceof Value.Bin b ? b.value() : Bytes.EMPTY;
    }

    @Override
    public String toString() {
        return "Leaf[" + n() + " " + kind() + " " + bytes.length() + " bytes]";
    }
}
