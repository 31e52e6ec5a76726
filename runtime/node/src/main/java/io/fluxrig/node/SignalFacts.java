package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What leaves [from, to) of a Rack's log tell the Mixer: a map for each leaf with which a signal began or ended, with keys of {@link Outgoing} and no others.
 *
 * @param log the origin of the log, which names Rack and generation
 */
record SignalFacts(String rack, String log, long from, long to, List<FluxMap> facts) {
    /** Longer values stay: metadata tells of a signal, it is not the signal. */
    private static final int MAX_VALUE = 128;

    private static final Set<String> KEYS = Outgoing.keys(Outgoing.Way.METADATA);

    SignalFacts {
        facts = List.copyOf(facts);
    }

    /** What may leave, and by which specs messages are read. */
    interface Borders {
        /** What a scenario lets out, by its identity. */
        Border at(Bytes scenario);

        /** Empty where it is not here. */
        default Optional<Spec> spec(Bytes sha256) {
            return Optional.empty();
        }
    }

    static SignalFacts of(String rack, String log, List<Leaf> leaves, DataKeys keys, Borders borders) {
        List<FluxMap> facts = new ArrayList<>();
        for (Leaf leaf : leaves) {
            boolean mayLeave = leaf.id() != 0
                    && !leaf.scn().isEmpty()
                    && Outgoing.Way.METADATA.allowed(borders.at(leaf.scn()).level());
            if (mayLeave && leaf.is(LeafKind.INGRESS)) {
                facts.add(began(leaf, keys, borders));
            } else if (mayLeave && (leaf.is(LeafKind.DONE) || leaf.is(LeafKind.FAILED))) {
                facts.add(ended(leaf));
            }
        }
        return new SignalFacts(
                rack, log, leaves.getFirst().n(), leaves.getLast().n() + 1, facts);
    }

    private static FluxMap began(Leaf leaf, DataKeys keys, Borders borders) {
        FluxMap.Builder fact = fact(leaf)
                .put(Outgoing.ENTERED.key(), leaf.at())
                .put(Outgoing.GEAR.key(), LeafForm.unsigned(leaf.gear()))
                .put(Outgoing.PORT.key(), leaf.port())
                .put(Outgoing.SIZE.key(), leaf.bytes().length())
                .put(
                        Outgoing.HASH.key(),
                        Bytes.wrap(Hashes.leafHash(leaf.bytes().unsafeArray())));
        message(leaf, keys).ifPresent(msg -> {
            if (msg.refId() != 0) {
                fact.put(Outgoing.REF.key(), msg.refId());
            }
            if (!msg.trace().isEmpty()) {
                fact.put(Outgoing.TRACE.key(), msg.trace());
            }
            Border border = borders.at(leaf.scn());
            put(fact, Outgoing.META, metaOf(msg, border));
            if (!border.data().isEmpty()) {
                put(fact, Outgoing.DATA, dataOf(msg, border, borders.spec(leaf.spec())));
            }
        });
        return fact.build();
    }

    private static void put(FluxMap.Builder fact, Outgoing what, FluxMap values) {
        if (!values.isEmpty()) {
            fact.put(what.key(), values);
        }
    }

    private static FluxMap metaOf(FluxMsg msg, Border border) {
        FluxMap.Builder out = FluxMap.builder();
        for (String key : border.meta()) {
            String value = msg.meta().getOrDefault(key, "");
            if (isShort(value)) {
                out.put(key, value);
            }
        }
        return out.build();
    }

    /** Only scalars of elements that the spec of this very leaf describes and does not classify, whatever the scenario was signed with. */
    private static FluxMap dataOf(FluxMsg msg, Border border, Optional<Spec> spec) {
        FluxMap.Builder out = FluxMap.builder();
        for (String name : border.data()) {
            spec.filter(s -> s.describes(name) && !s.holdsClassified(name))
                    .flatMap(s -> s.get(msg.data(), name))
                    .map(SignalFacts::scalar)
                    .filter(SignalFacts::isShort)
                    .ifPresent(value -> out.put(name, value));
        }
        return out.build();
    }

    private static String scalar(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Int number -> Long.toString(number.value());
            case Value.Bool truth -> Boolean.toString(truth.value());
            case Value.Decimal number -> number.value().toPlainString();
            default -> "";
        };
    }

    private static boolean isShort(String value) {
        return !value.isEmpty() && value.length() <= MAX_VALUE;
    }

    private static FluxMap ended(Leaf leaf) {
        FluxMap.Builder fact = fact(leaf)
                .put(Outgoing.ENDED.key(), leaf.at())
                .put(
                        Outgoing.OUTCOME.key(),
                        leaf.is(LeafKind.FAILED)
                                ? "failed"
                                : leaf.note().text("outcome").orElse("consumed"));
        leaf.code().filter(code -> code.matches("FLX-[0-9]{4}")).ifPresent(c -> fact.put(Outgoing.CODE.key(), c));
        return fact.build();
    }

    private static FluxMap.Builder fact(Leaf leaf) {
        return FluxMap.builder().put(Outgoing.LEAF.key(), leaf.n()).put(Outgoing.ID.key(), leaf.id());
    }

    /** Empty where its key was shredded: then it tells no reference. */
    private static Optional<FluxMsg> message(Leaf leaf, DataKeys keys) {
        try {
            return LeafForm.message(leaf, keys);
        } catch (FluxException sealed) {
            return Optional.empty();
        }
    }

    /** The bytes that leave the Rack. */
    Bytes encode() {
        List<Value> all = List.copyOf(facts);
        return Bytes.wrap(FluxCbor.encode(FluxMap.builder()
                .put("rack", rack)
                .put("log", log)
                .put("from", from)
                .put("to", to)
                .put("facts", Value.of(all))
                .build()));
    }

    /** @throws FluxException REQUEST where the bytes hold anything that may not leave */
    static SignalFacts decode(Bytes bytes) {
        if (FluxCbor.decode(bytes.unsafeArray(), 0, bytes.length(), FluxCbor.MAX_LEAF) instanceof FluxMap map
                && map.get("facts") instanceof Value.Array array) {
            List<FluxMap> facts = new ArrayList<>();
            for (Value item : array.items()) {
                if (!(item instanceof FluxMap fact) || !allowed(fact)) {
                    throw new FluxException(NodeError.REQUEST, "a fact about a signal has a key that may not leave");
                }
                facts.add(fact);
            }
            return new SignalFacts(
                    map.text("rack").orElse(""),
                    map.text("log").orElse(""),
                    map.integer("from", -1),
                    map.integer("to", -1),
                    facts);
        }
        throw new FluxException(NodeError.REQUEST, "these are no facts about signals");
    }

    private static boolean allowed(FluxMap fact) {
        for (int i = 0; i < fact.size(); i++) {
            if (!KEYS.contains(fact.keyAt(i))) {
                return false;
            }
        }
        return true;
    }
}
