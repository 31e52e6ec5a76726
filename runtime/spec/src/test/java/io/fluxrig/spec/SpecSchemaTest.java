package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published JSON Schema and the loader agree on the shape of spec files. */
class SpecSchemaTest {
    private static final String EVERYTHING = """
            spec:
              id: everything
              name: Everything
              version: 1.0.0
              protocol: iso8583
              overview: All of it
              references: [ISO 8583]
              x-team: { anything: [goes] }
              validation_policy: { unlisted: optional }
              wire:
                source: moov:spec87ascii
                fields:
                  "11": { type: Numeric, length: 6, description: d, enc: ASCII, prefix: ASCII.Fixed, padding: { type: Left, pad: "0" } }
                header: { length: { bytes: 2, enc: BCD, order: big, inclusive: true, reserved: 1 }, lead: tpdu }
              messages:
                catalog:
                  "0200": { name: Purchase, flow: request, pairs_with: "0210", response_timeout: 2s, class: financial, note: n }
                  "0210": { name: Response, flow: response, pairs_with: ["0200"] }
                transitions: [{ from: "0200", to: ["0210"], note: n }]
                correlate_on: ["11", pan]
              enums:
                e: { closed: true, values: { "00": Approved, "05": { name: No, category: c, meaning: m } } }
              fields:
                "2": { name: Card, alias: pan, meaning: m, note: n, scope: private, sensitivity: pan, log_mask: true, mask: bin8, format: { kind: pan } }
                "4": { format: { kind: amount, currency_field: "49" } }
                "7": { format: { kind: datetime, layout: MMDDhhmmss, tz: UTC } }
                "39": { values_ref: e, messages: [{ mti: ["0210"], usage: mandatory, when: present(4), response_value: new, severity: warn, note: n }] }
                "22": { validValues: ["010"], messages: [{ mti: "0200", validValues: { "010": Keyed } }] }
                "52": { sensitivity: sad, crypto: { role: pin_block } }
                "48": { subfields: { parts: [{ id: 1, alias: one, values_ref: "@messages" }, { tag: 9F02, subfields: { parts: [{ tag: "5A" }] } }] } }
              checks: [{ mti: "0200", name: c, assert: present(4), severity: reject, note: n }]
            """;

    /** What the loader says where a file has the wrong shape, rather than a wrong meaning. */
    private static final Pattern SHAPE = Pattern.compile(
            "unknown key .*|.* says how bytes lie.*|'.*' is not (a map|a list|text|an element number.*)|.* is not known|'[a-z_]+' is (missing|empty)|no 'spec:' at the top");

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SpecSchema.json());

    @TempDir
    Path folder;

    private List<Finding> load(JsonNode file) throws IOException {
        return Specs.load(Files.writeString(folder.resolve("spec.yaml"), file.toString())).findings().stream()
                .filter(f -> !f.warning())
                .toList();
    }

    /** All scalars as the text that they are written as. */
    private static JsonNode json(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> JsonNodeFactory.instance.textNode(scalar.text());
            case YamlNode.Sequence list -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                list.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case YamlNode.Mapping map -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                map.entries().forEach((key, entry) -> object.set(key, json(entry.value())));
                yield object;
            }
        };
    }

    private static JsonNode everything() {
        return json(YamlFile.parse("everything", EVERYTHING.getBytes(StandardCharsets.UTF_8), new ArrayList<>())
                .orElseThrow());
    }

    @Test
    void bothTakeAFileThatUsesEveryWord() throws IOException {
        JsonNode everything = everything();
        assertThat(load(everything)).isEmpty();
        assertThat(SCHEMA.validate(everything)).isEmpty();
        // Editors read unquoted scalars as numbers and truths.
        JsonNode typed = new ObjectMapper()
                .readTree(
                        everything.toString().replace("\"true\"", "true").replace("\"length\":\"6\"", "\"length\":6"));
        assertThat(SCHEMA.validate(typed)).isEmpty();
    }

    @Test
    void bothRefuseTheSameShapes() throws IOException {
        int refused = 0;
        List<String> disagreements = new ArrayList<>();
        List<Mutation> all = mutations(everything());
        for (Mutation mutation : all) {
            List<Finding> findings = load(mutation.file());
            boolean bySchema = !SCHEMA.validate(mutation.file()).isEmpty();
            Optional<String> shape = findings.stream()
                    .map(Finding::what)
                    .filter(what -> SHAPE.matcher(what).matches())
                    .findFirst();
            refused += bySchema ? 1 : 0;
            if (bySchema && findings.isEmpty()) {
                disagreements.add(mutation.what() + ": only the schema refuses");
            } else if (!bySchema && shape.isPresent()) {
                disagreements.add(mutation.what() + ": only the loader refuses: " + shape.get());
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(all).hasSizeGreaterThan(600);
        assertThat(refused).isGreaterThan(400);
    }

    private record Mutation(String what, JsonNode file) {}

    /** Every place of the file changed in every way that changes a shape; not where another reader looks. */
    private static List<Mutation> mutations(JsonNode whole) {
        List<Mutation> all = new ArrayList<>();
        walk(whole, "", pointer -> {
            for (String other : List.of("\"zz\"", "{}", "[]", "[\"zz\"]", "{\"zz\":\"zz\"}")) {
                all.add(new Mutation(
                        pointer + " = " + other,
                        changed(whole, pointer, (parent, key) -> put(parent, key, read(other)))));
            }
            all.add(new Mutation("without " + pointer, changed(whole, pointer, SpecSchemaTest::remove)));
            all.add(new Mutation("renamed " + pointer, changed(whole, pointer, (parent, key) -> {
                if (parent instanceof ObjectNode object) {
                    object.set(key + "zz", object.remove(key));
                }
            })));
        });
        return all;
    }

    private static JsonNode read(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private interface Change {
        void on(JsonNode parent, String key);
    }

    private static void put(JsonNode parent, String key, JsonNode value) {
        if (parent instanceof ObjectNode object) {
            object.set(key, value);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(key), value);
        }
    }

    private static void remove(JsonNode parent, String key) {
        if (parent instanceof ObjectNode object) {
            object.remove(key);
        } else {
            ((ArrayNode) parent).remove(Integer.parseInt(key));
        }
    }

    private static JsonNode changed(JsonNode whole, String pointer, Change change) {
        JsonNode copy = whole.deepCopy();
        int slash = pointer.lastIndexOf('/');
        change.on(copy.at(pointer.substring(0, slash)), pointer.substring(slash + 1));
        return copy;
    }

    private static void walk(JsonNode node, String pointer, Consumer<String> each) {
        if (pointer.contains("/x-")) {
            return;
        }
        if (!pointer.isEmpty()) {
            each.accept(pointer);
        }
        node.properties().forEach(field -> walk(field.getValue(), pointer + "/" + field.getKey(), each));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), pointer + "/" + i, each);
            }
        }
    }
}
