package io.fluxrig.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** Leaves as JSON, for those who may see them. */
public final class LeafJson {
    private LeafJson() {}

    /** What every leaf tells. */
    public static ObjectNode of(Leaf leaf) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("n", leaf.n());
        node.put("at", time(leaf.at()));
        node.put("kind", leaf.kind());
        if (leaf.id() != 0) {
            node.put("id", FluxId.text(leaf.id()));
        }
        if (leaf.in() >= 0) {
            node.put("in", leaf.in());
        }
        if (leaf.gear() != 0) {
            node.put("gear", new FluxEntityId(leaf.gear()).text());
        }
        if (!leaf.port().isEmpty()) {
            node.put("port", leaf.port());
        }
        if (!leaf.scn().isEmpty()) {
            node.put("scn", leaf.scn().hex());
        }
        if (!leaf.spec().isEmpty()) {
            node.put("spec", leaf.spec().hex());
        }
        FluxMap note = leaf.note();
        if (!note.isEmpty()) {
            ObjectNode noted = node.putObject("note");
            note.forEach((key, value) -> note.text(key).ifPresent(text -> noted.put(key, text)));
        }
        node.put("bytes", leaf.bytes().length());
        return node;
    }

    /**
     * The same with what its message holds. What nobody can mask is not shown: an encrypted message whose spec is not here stays sealed.
     *
     * @param spec by which it was read
     * @param clear whether classified values are shown
     */
    public static ObjectNode of(Leaf leaf, DataKeys keys, Optional<Spec> spec, boolean clear) {
        ObjectNode node = of(leaf);
        Optional<FluxMap> data = LeafForm.message(leaf, keys)
                .filter(message ->
                        clear || spec.isPresent() || leaf.sealedWith().isEmpty())
                .map(message ->
                        clear || spec.isEmpty() ? message.data() : spec.get().mask(message.data()));
        data.ifPresent(d -> {
            ObjectNode fields = node.putObject("data");
            d.forEach((key, value) -> fields.set(key, value(value)));
        });
        if (!leaf.red().isEmpty()) {
            ArrayNode red = node.putArray("neverStored");
            leaf.red().forEach(one -> red.add(one.path()));
        }
        if (leaf.holdsMessage() && data.isEmpty()) {
            node.put("sealed", true);
        }
        spec.ifPresent(s -> names(node, s));
        return node;
    }

    /** What people call the fields that are there. */
    private static void names(ObjectNode node, Spec spec) {
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        node.path("data").fieldNames().forEachRemaining(key -> names.put(key, spec.nameOf(key)));
        node.path("neverStored").forEach(path -> names.put(path.asText(), spec.nameOf(path.asText())));
        names.properties().removeIf(name -> name.getValue().asText().isEmpty());
        if (!names.isEmpty()) {
            node.set("names", names);
        }
    }

    private static JsonNode value(Value value) {
        if (value instanceof FluxMap map) {
            ObjectNode parts = JsonNodeFactory.instance.objectNode();
            map.forEach((key, part) -> parts.set(key, value(part)));
            return parts;
        }
        return JsonNodeFactory.instance.textNode(text(value));
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Text text -> printable(text.value());
            case Value.Bin bin -> bin.value().hex();
            case Value.Int number -> Long.toString(number.value());
            case Value.Decimal number -> number.value().toPlainString();
            case Value.Array array ->
                array.items().stream().map(LeafJson::text).collect(Collectors.joining(" ", "[", "]"));
            default -> value.kind();
        };
    }

    /** What came from outside never steers a terminal: control characters are shown as dots. */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", ".");
    }

    /** RFC 3339. */
    public static String time(long unixNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(unixNanos, 1_000_000_000L), Math.floorMod(unixNanos, 1_000_000_000L))
                .toString();
    }
}
