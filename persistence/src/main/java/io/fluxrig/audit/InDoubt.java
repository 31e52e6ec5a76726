package io.fluxrig.audit;

import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the requests of which the two sides may think differently: they left for a peer, and the peer's own answer was not delivered to
 * who asked. An answer that the Rack made itself ("timeout") does not settle it.
 */
public final class InDoubt {
    /** One such request. {@code request} is as stored, {@code leftBy} the entity id of the gear by which it left. */
    public record Row(long id, long leaf, long at, long leftBy, FluxMsg request) {}

    /** What is known of a signal that has not ended yet. */
    private record Under(boolean fromOutside, long enteredBy, Optional<FluxMsg> entered) {}

    private record Leaving(long signal, long refId) {}

    /** Codes that say that nothing was written, or handed to another Rack, although the leaf of leaving was. */
    private static final Set<String> NEVER_WRITTEN = Set.of("FLX-3005", "FLX-3006", "FLX-3007", "FLX-6081");

    private static final Set<String> DELIVERED = Set.of("sent", "handed-over");

    private final DataKeys keys;
    private final Map<Long, Under> under = new HashMap<>();
    private final Map<Long, Leaving> leaving = new HashMap<>();
    private final Map<Long, Row> rows = new LinkedHashMap<>();

    public InDoubt(DataKeys keys) {
        this.keys = keys;
    }

    /** Leaves in order. */
    public void see(Leaf leaf) {
        switch (leaf.kind()) {
            case "ingress" -> under.put(leaf.id(), new Under(leaf.in() < 0, leaf.gear(), LeafForm.message(leaf, keys)));
            case "egress" -> left(leaf);
            // An answer that another Rack has taken is that Rack's to deliver.
            case "done" ->
                ended(leaf, DELIVERED.contains(leaf.note().text("outcome").orElse("")));
            case "failed" -> ended(leaf, false);
            default -> {
                // nothing that leaves or ends
            }
        }
    }

    private void left(Leaf leaf) {
        Under signal = under.get(leaf.id());
        Optional<FluxMsg> message = LeafForm.message(leaf, keys);
        if (signal == null || message.isEmpty() || signal.enteredBy() == leaf.gear()) {
            return;
        }
        long refId = message.get().refId();
        if (refId == 0) {
            rows.put(
                    leaf.id(),
                    new Row(
                            leaf.id(),
                            leaf.n(),
                            leaf.at(),
                            leaf.gear(),
                            signal.entered().orElse(message.get())));
        } else if (signal.fromOutside()) {
            leaving.put(leaf.id(), new Leaving(leaf.id(), refId));
        }
    }

    private void ended(Leaf leaf, boolean sent) {
        under.remove(leaf.id());
        Leaving answer = leaving.remove(leaf.id());
        if (answer != null && sent) {
            rows.remove(answer.refId());
        } else if (leaf.code().filter(InDoubt::neverWritten).isPresent()) {
            rows.remove(leaf.id());
        }
    }

    private static boolean neverWritten(String code) {
        return NEVER_WRITTEN.contains(code);
    }

    /** In the order in which they left. */
    public Collection<Row> rows() {
        return rows.values();
    }
}
