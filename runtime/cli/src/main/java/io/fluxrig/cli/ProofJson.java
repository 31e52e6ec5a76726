package io.fluxrig.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Proofs;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.VaultError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Proofs as files (FORMATS section 8): no spaces, keys in the order of the table, one LF at the end. */
final class ProofJson {
    private static final long MAX_BYTES = 8 << 20;

    private ProofJson() {}

    static byte[] of(Proofs.Inclusion proof) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("leafIndex", proof.leafIndex()).put("treeSize", proof.treeSize());
        node.put("leaf", base64(proof.leaf()));
        hashes(node, proof.hashes());
        node.put("checkpoint", proof.checkpoint()).put("passport", base64(proof.passport()));
        return line(node);
    }

    static byte[] of(Proofs.Consistency proof) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("oldSize", proof.oldSize()).put("newSize", proof.newSize());
        hashes(node, proof.hashes());
        node.put("old", proof.oldNote()).put("new", proof.newNote());
        node.put("passport", base64(proof.passport()));
        return line(node);
    }

    private static byte[] line(ObjectNode node) {
        return (node + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void hashes(ObjectNode node, List<Bytes> hashes) {
        ArrayNode array = node.putArray("hashes");
        hashes.forEach(hash -> array.add(base64(hash)));
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    /** A file with one of the two proofs. */
    static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw bad("the file has more than " + MAX_BYTES + " bytes");
            }
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException notJson) {
            throw bad("it is not JSON");
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }

    static boolean isConsistency(JsonNode node) {
        return node.has("oldSize");
    }

    /** One proof has one encoding: whatever a lenient reader would take as well is refused. */
    static void requireExact(Path file, byte[] written) {
        try {
            if (!Arrays.equals(Files.readAllBytes(file), written)) {
                throw bad("it is not written as FORMATS section 8 says: no spaces, keys in order, one LF");
            }
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }

    static Proofs.Inclusion inclusion(JsonNode node) {
        exactly(node, 6);
        return new Proofs.Inclusion(
                number(node, "leafIndex"),
                number(node, "treeSize"),
                bytes(text(node, "leaf")),
                hashes(node),
                text(node, "checkpoint"),
                bytes(text(node, "passport")));
    }

    static Proofs.Consistency consistency(JsonNode node) {
        exactly(node, 6);
        return new Proofs.Consistency(
                number(node, "oldSize"),
                number(node, "newSize"),
                hashes(node),
                text(node, "old"),
                text(node, "new"),
                bytes(text(node, "passport")));
    }

    private static void exactly(JsonNode node, int keys) {
        if (!node.isObject() || node.size() != keys) {
            throw bad("it has not exactly the keys of a proof");
        }
    }

    private static long number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw bad("'" + key + "' is not a number from 0 on");
        }
        return value.longValue();
    }

    private static String text(JsonNode node, String key) {
        if (!node.path(key).isTextual()) {
            throw bad("'" + key + "' is not text");
        }
        return node.get(key).textValue();
    }

    private static List<Bytes> hashes(JsonNode node) {
        List<Bytes> hashes = new ArrayList<>();
        if (!node.path("hashes").isArray() || node.get("hashes").size() > 128) {
            throw bad("'hashes' is not a list of at most 128");
        }
        for (JsonNode hash : node.get("hashes")) {
            hashes.add(bytes(hash.textValue() == null ? "?" : hash.textValue()));
        }
        return hashes;
    }

    private static Bytes bytes(String base64) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            throw bad("something is not base64");
        }
    }

    private static FluxException bad(String why) {
        return new FluxException(VaultError.PROOF, why);
    }
}
