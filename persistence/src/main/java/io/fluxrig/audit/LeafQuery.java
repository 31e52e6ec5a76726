package io.fluxrig.audit;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which leaves somebody asks for; everything that is given must hold.
 *
 * @param id of the signal, 0 for any
 * @param ref of the signal that the leaf's message answers or derives from, 0 for any
 * @param gear entity id, 0 for any
 * @param kind empty for any
 * @param since unix nanoseconds, inclusive
 * @param until unix nanoseconds, exclusive
 * @param outcome of a signal's end: {@code sent}, {@code consumed}, {@code handed-over} or {@code failed}; empty for any
 * @param code number of the error that a signal failed with, 0 for any
 * @param fields of a message that came in
 */
public record LeafQuery(
        long id,
        long ref,
        long gear,
        String kind,
        long since,
        long until,
        String outcome,
        int code,
        List<FieldIs> fields) {

    /** The outcomes by which leaves can be asked for. */
    public static final List<String> OUTCOMES = List.of("sent", "consumed", "handed-over", "failed");

    /** A field with this text has one of these paths; which one depends on the spec. */
    public record FieldIs(Set<String> paths, String text) {
        public FieldIs {
            paths = Set.copyOf(paths);
        }
    }

    public LeafQuery {
        fields = List.copyOf(fields);
    }

    /** Asks for everything. */
    public static LeafQuery any() {
        return new LeafQuery(0, 0, 0, "", Long.MIN_VALUE, Long.MAX_VALUE, "", 0, List.of());
    }

    LeafQuery ofSignal(long signal) {
        return new LeafQuery(signal, ref, gear, kind, since, until, outcome, code, fields);
    }

    LeafQuery answering(long signal) {
        return new LeafQuery(id, signal, gear, kind, since, until, outcome, code, fields);
    }

    /** Whether the leaf itself answers the question; decides, where an index only suggests. */
    public boolean matches(Leaf leaf, DataKeys keys) {
        return (id == 0 || leaf.id() == id)
                && (gear == 0 || leaf.gear() == gear)
                && (kind.isEmpty() || leaf.kind().equals(kind))
                && leaf.at() >= since
                && leaf.at() < until
                && (outcome.isEmpty() || outcomeOf(leaf).equals(outcome))
                && (code == 0 || codeOf(leaf) == code)
                && (ref == 0 && fields.isEmpty() || messageMatches(leaf, keys));
    }

    private boolean messageMatches(Leaf leaf, DataKeys keys) {
        if (!fields.isEmpty() && !leaf.is(LeafKind.INGRESS)) {
            return false;
        }
        Optional<FluxMsg> message = LeafForm.message(leaf, keys);
        return message.isPresent()
                && (ref == 0 || message.get().refId() == ref)
                && fields.stream().allMatch(field -> has(message.get().data(), field));
    }

    private static boolean has(FluxMap data, FieldIs wanted) {
        boolean[] found = {false};
        eachField(
                "",
                data,
                (path, text) -> found[0] |=
                        wanted.paths().contains(path) && wanted.text().equals(text));
        return found[0];
    }

    static String outcomeOf(Leaf leaf) {
        return leaf.is(LeafKind.FAILED) ? "failed" : leaf.note().text("outcome").orElse("");
    }

    static int codeOf(Leaf leaf) {
        return leaf.code()
                .filter(code -> code.matches("FLX-\\d{4}"))
                .map(code -> Integer.parseInt(code.substring(4)))
                .orElse(0);
    }

    /** Takes one scalar value of a message. */
    interface FieldTaker {
        void field(String path, String text);
    }

    /** Every scalar value with its path, such as {@code 37} or {@code 55.9F02}; bytes as hex, numbers in plain digits. */
    static void eachField(String prefix, FluxMap data, FieldTaker taker) {
        data.forEach((key, value) -> {
            String path = prefix.isEmpty() ? key : prefix + "." + key;
            switch (value) {
                case FluxMap parts -> eachField(path, parts, taker);
                case Value.Text text -> taker.field(path, text.value());
                case Value.Bin bin -> taker.field(path, bin.value().hex());
                case Value.Int number -> taker.field(path, Long.toString(number.value()));
                case Value.Decimal number -> taker.field(path, number.value().toPlainString());
                default -> {
                    // arrays, floats, times and booleans are not asked for
                }
            }
        });
    }
}
