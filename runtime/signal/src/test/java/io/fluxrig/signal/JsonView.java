package io.fluxrig.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.TreeMap;

/** Values as JSON, so that they can be compared with what vectors state. Numbers by value: JSON knows one kind. */
final class JsonView {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonView() {}

    static JsonNode of(Value value) {
        return switch (value) {
            case Value.Null n -> JSON.nullNode();
            case Value.Bool b -> JSON.booleanNode(b.value());
            case Value.Int i -> number(BigDecimal.valueOf(i.value()));
            case Value.BigInt b -> number(new BigDecimal(b.value()));
            case Value.Float f -> number(new BigDecimal(Double.toString(f.value())));
            case Value.Decimal d -> number(d.value());
            case Value.Text t -> JSON.textNode(t.value());
            case Value.Array a -> {
                ArrayNode array = JSON.arrayNode();
                a.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case FluxMap m -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                m.forEach((key, item) -> sorted.put(key, of(item)));
                ObjectNode object = JSON.objectNode();
                sorted.forEach(object::set);
                yield object;
            }
            case Value.Bin b -> throw new IllegalArgumentException("JSON has no bytes");
            case Value.Time t -> throw new IllegalArgumentException("JSON has no time");
        };
    }

    static JsonNode normal(JsonNode node) {
        if (node.isNumber()) {
            return number(node.isBigInteger() ? new BigDecimal(node.bigIntegerValue()) : new BigDecimal(node.asText()));
        }
        if (node.isArray()) {
            ArrayNode array = JSON.arrayNode();
            node.forEach(item -> array.add(normal(item)));
            return array;
        }
        if (node.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(e -> sorted.put(e.getKey(), normal(e.getValue())));
            ObjectNode object = JSON.objectNode();
            sorted.forEach(object::set);
            return object;
        }
        return node;
    }

    private static JsonNode number(BigDecimal value) {
        return JSON.textNode(
                value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString());
    }
}
