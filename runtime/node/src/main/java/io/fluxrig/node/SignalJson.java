package io.fluxrig.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.List;
import java.util.Locale;

/** What the management API tells about signals, as JSON. */
final class SignalJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SignalJson() {}

    static ObjectNode list(List<SignalBook.Row> signals) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode all = node.putArray("signals");
        signals.forEach(signal -> all.add(signal(signal)));
        return node;
    }

    /** @throws FluxException NO_SIGNAL where there is none */
    static ObjectNode one(String id, List<SignalBook.Row> signals, List<SignalBook.Row> answers) {
        if (signals.isEmpty()) {
            throw new FluxException(NodeError.NO_SIGNAL, "no signal " + id);
        }
        ObjectNode node = list(signals);
        ArrayNode all = node.putArray("answers");
        answers.forEach(answer -> all.add(signal(answer)));
        return node;
    }

    private static ObjectNode signal(SignalBook.Row row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", FluxId.text(row.id())).put("rack", row.rack()).put("entered", LeafJson.time(row.entered()));
        if (row.ended() != 0) {
            node.put("ended", LeafJson.time(row.ended()));
        }
        node.put("outcome", row.outcome());
        if (row.code() != 0) {
            node.put("code", String.format(Locale.ROOT, "FLX-%04d", row.code()));
        }
        node.put("gear", new FluxEntityId(row.gear()).text()).put("port", row.port());
        if (row.ref() != 0) {
            node.put("ref", FluxId.text(row.ref()));
        }
        if (!row.trace().isEmpty()) {
            node.put("trace", row.trace());
        }
        if (!row.more().isEmpty()) {
            node.setAll(read(row.more()));
        }
        return node.put("size", row.size())
                .put("leaf", row.leaf())
                .put("hash", row.hash().hex());
    }

    /** What a fact holds of meta and elements, as a JSON object; empty where that is nothing. */
    static String more(FluxMap fact) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Outgoing what : List.of(Outgoing.META, Outgoing.DATA)) {
            if (fact.get(what.key()) instanceof FluxMap values) {
                ObjectNode inner = node.putObject(what.key());
                values.forEach((key, value) -> {
                    if (value instanceof Value.Text text) {
                        inner.put(key, text.value());
                    }
                });
            }
        }
        return node.isEmpty() ? "" : node.toString();
    }

    private static ObjectNode read(String more) {
        try {
            return (ObjectNode) JSON.readTree(more);
        } catch (JsonProcessingException damaged) {
            throw new FluxException(NodeError.BOOK, "a row is damaged", damaged);
        }
    }
}
