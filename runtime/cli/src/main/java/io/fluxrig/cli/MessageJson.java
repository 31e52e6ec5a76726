package io.fluxrig.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Messages as programs read and write them: {@code {"mti":"0200","fields":{"2":"...","55":{"9F02":"..."}}}}. Bytes are upper-case hex. The parts of a composite are an
 * object in the order of the wire, or a list of {@code [tag, value]} where a tag comes again.
 */
final class MessageJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private MessageJson() {}

    /** A refusal of something in a line of JSON, with its place. */
    static final class Misshapen extends FluxException {
        private static final long serialVersionUID = 1L;
        private final String field;
        private final int offset;

        Misshapen(String field, int offset, String what) {
            super(CliError.MESSAGE, what, false);
            this.field = field;
            this.offset = offset;
        }

        String field() {
            return field;
        }

        int offset() {
            return offset;
        }
    }

    static String write(FluxMap data) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            if (data.has("0")) {
                json.writeFieldName("mti");
                value(json, data.get("0"));
            }
            json.writeObjectFieldStart("fields");
            for (int i = 0; i < data.size(); i++) {
                if (!data.keyAt(i).equals("0")) {
                    json.writeFieldName(data.keyAt(i));
                    value(json, data.valueAt(i));
                }
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string takes everything", e);
        }
        return out.toString();
    }

    static String error(ErrorCode code, String field, int offset, String message) {
        StringWriter out = new StringWriter(128);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code.code());
            json.writeStringField("field", field);
            json.writeNumberField("offset", offset);
            json.writeStringField("message", message);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string takes everything", e);
        }
        return out.toString();
    }

    private static void value(JsonGenerator json, Value value) throws IOException {
        switch (value) {
            case Value.Text text -> json.writeString(text.value());
            case Value.Bin bytes -> json.writeString(bytes.value().hex().toUpperCase(Locale.ROOT));
            case Value.Int number -> json.writeNumber(number.value());
            case FluxMap map -> {
                json.writeStartObject();
                for (int i = 0; i < map.size(); i++) {
                    json.writeFieldName(map.keyAt(i));
                    value(json, map.valueAt(i));
                }
                json.writeEndObject();
            }
            case Value.Array array -> array(json, array);
            default -> throw new IllegalStateException("a message holds no " + value.kind());
        }
    }

    private static void array(JsonGenerator json, Value.Array array) throws IOException {
        if (isObject(array)) {
            json.writeStartObject();
            for (Value pair : array.items()) {
                List<Value> items = ((Value.Array) pair).items();
                json.writeFieldName(((Value.Text) items.getFirst()).value());
                value(json, items.get(1));
            }
            json.writeEndObject();
            return;
        }
        json.writeStartArray();
        for (Value item : array.items()) {
            if (isPair(item)) {
                json.writeStartArray();
                for (Value each : ((Value.Array) item).items()) {
                    value(json, each);
                }
                json.writeEndArray();
            } else {
                value(json, item);
            }
        }
        json.writeEndArray();
    }

    private static boolean isPair(Value item) {
        return item instanceof Value.Array pair
                && pair.items().size() >= 2
                && pair.items().getFirst() instanceof Value.Text;
    }

    /** Whether an object, whose order is kept, tells as much. */
    private static boolean isObject(Value.Array array) {
        Set<String> ids = new HashSet<>();
        return !array.items().isEmpty()
                && array.items().stream()
                        .allMatch(item -> isPair(item)
                                && ((Value.Array) item).items().size() == 2
                                && ids.add(((Value.Text)
                                                ((Value.Array) item).items().getFirst())
                                        .value()));
    }

    /** @throws Misshapen where it is not of that form */
    static FluxMap read(String line, Spec spec) {
        JsonNode root;
        try {
            root = MAPPER.readTree(line);
        } catch (JsonProcessingException bad) {
            int at = bad.getLocation() == null
                    ? 0
                    : Math.max(0, bad.getLocation().getColumnNr() - 1);
            throw new Misshapen("-", at, "the line is not one JSON object");
        }
        if (root == null || !root.isObject()) {
            throw new Misshapen("-", 0, "the line is not one JSON object");
        }
        FluxMap.Builder data = FluxMap.builder();
        List<Map.Entry<String, JsonNode>> named = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            switch (entry.getKey()) {
                case "mti" -> data.put("0", value("0", entry.getValue()));
                case "fields" -> fields(entry.getValue(), data, named);
                default -> throw new Misshapen("-", 0, "an object has 'mti' and 'fields'");
            }
        }
        FluxMap read = data.build();
        for (Map.Entry<String, JsonNode> entry : named) {
            if (!spec.knows(entry.getKey())) {
                throw new Misshapen(shown(entry.getKey()), 0, "names no element, part or alias of the spec");
            }
            read = spec.with(read, entry.getKey(), value(entry.getKey(), entry.getValue()));
        }
        return read;
    }

    /** @param named takes those that an alias or a path names */
    private static void fields(JsonNode fields, FluxMap.Builder data, List<Map.Entry<String, JsonNode>> named) {
        if (!fields.isObject()) {
            throw new Misshapen("-", 0, "'fields' is not an object");
        }
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (isNumber(entry.getKey())) {
                data.put(entry.getKey(), value(entry.getKey(), entry.getValue()));
            } else {
                named.add(entry);
            }
        }
    }

    private static boolean isNumber(String key) {
        return !key.isEmpty() && key.length() <= 3 && key.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String shown(String key) {
        return key.length() > 40 ? key.substring(0, 40) : key;
    }

    private static Value value(String field, JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> text(field, node.textValue());
            case NUMBER -> Value.of(node.asText());
            case OBJECT -> object(field, node);
            case ARRAY -> {
                List<Value> items = new ArrayList<>(node.size());
                for (JsonNode item : node) {
                    // How many bytes a length took stands third beside tag and value.
                    boolean third = items.size() == 2 && item.isInt();
                    items.add(third ? Value.of(item.intValue()) : value(field, item));
                }
                yield Value.of(items);
            }
            default -> throw new Misshapen(shown(field), 0, "is neither text nor parts");
        };
    }

    private static Value text(String field, String text) {
        try {
            return Value.of(text);
        } catch (FluxException malformed) {
            throw new Misshapen(shown(field), 0, "is not well-formed text");
        }
    }

    /** A map where its order is that of the object, and a list of pairs otherwise. */
    private static Value object(String field, JsonNode node) {
        List<Value> pairs = new ArrayList<>(node.size());
        FluxMap.Builder map = FluxMap.builder();
        String last = "";
        boolean ordered = true;
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String id = entry.getKey();
            Value value = value(field + "." + id, entry.getValue());
            ordered &= last.length() != id.length() ? last.length() < id.length() : last.compareTo(id) < 0;
            last = id;
            map.put(id, value);
            pairs.add(Value.of(List.of(text(field, id), value)));
        }
        return ordered ? map.build() : Value.of(pairs);
    }
}
