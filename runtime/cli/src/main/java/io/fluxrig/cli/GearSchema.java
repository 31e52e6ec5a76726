package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.SettingsSchema.Key;
import java.util.List;

/** A gear's settings as a JSON Schema, for editors. */
final class GearSchema {
    private static final String LIST = "list of ";
    private static final String MAP = "map to ";

    private GearSchema() {}

    static ObjectNode of(GearType<?> type) {
        ObjectNode schema = object();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", type.name())
                .put("description", type.summary());
        schema.setAll(members(SettingsSchema.of(type.settings()).keys()));
        return schema;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode members(List<Key> keys) {
        ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (Key key : keys) {
            ObjectNode property = typed(key.type(), key);
            if (!key.meaning().isEmpty()) {
                property.put("description", key.meaning());
            }
            if (!key.byDefault().isEmpty()) {
                property.put("default", key.byDefault());
            }
            properties.set(key.name(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static ObjectNode typed(String type, Key key) {
        if (type.startsWith(LIST)) {
            ObjectNode list = object().put("type", "array");
            list.set("items", typed(type.substring(LIST.length()), key));
            return list;
        }
        if (type.startsWith(MAP)) {
            ObjectNode map = object().put("type", "object");
            map.set("additionalProperties", typed(type.substring(MAP.length()), key));
            return map;
        }
        return switch (type) {
            case "text" -> object().put("type", "string");
            case "duration" -> object().put("type", "string").put("pattern", "^[0-9]{1,9}(ms|s|m|h|d)$");
            case "true | false" -> object().put("type", "boolean");
            case "integer" -> integer(key);
            case "map" -> members(key.inside());
            default -> choice(type);
        };
    }

    private static ObjectNode integer(Key key) {
        ObjectNode number = object().put("type", "integer");
        if (key.min() != Long.MIN_VALUE) {
            number.put("minimum", key.min());
        }
        if (key.max() != Long.MAX_VALUE) {
            number.put("maximum", key.max());
        }
        return number;
    }

    private static ObjectNode choice(String words) {
        ObjectNode schema = object();
        ArrayNode choices = schema.putArray("enum");
        for (String word : words.split(" [|] ")) {
            choices.add(word);
        }
        return schema;
    }
}
