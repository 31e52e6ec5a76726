package io.fluxrig.scenario;

import io.fluxrig.scenario.Policy.Grant;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.YamlFile;
import io.fluxrig.spec.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code policy.yaml}; keys are PEM files beside it. */
public final class PolicyFile {
    private final Path file;
    private final List<Finding> findings = new ArrayList<>();
    private final YamlShape shape;

    private PolicyFile(Path file) {
        this.file = file;
        this.shape = new YamlShape(file.toString(), findings);
    }

    /** The policy where there are no findings. */
    public record Read(Optional<Policy> policy, List<Finding> findings) {}

    /** @param issued unix seconds */
    public static Read read(Path file, String site, long issued) {
        PolicyFile reader = new PolicyFile(file);
        Optional<Policy> policy = Optional.empty();
        try {
            policy = reader.policy(site, issued);
        } catch (FluxException refused) {
            reader.findings.add(
                    new Finding(file.toString(), 1, 1, refused.code(), refused.what(), "mend it, then sign again"));
        }
        return new Read(reader.findings.isEmpty() ? policy : Optional.empty(), List.copyOf(reader.findings));
    }

    private Optional<Policy> policy(String site, long issued) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException missing) {
            throw new FluxException(ScenarioError.MISSING, file + " cannot be read");
        }
        Optional<YamlNode> root = YamlFile.parse(file.toString(), bytes, findings);
        if (root.isEmpty() || !(root.get() instanceof YamlNode.Mapping top)) {
            root.ifPresent(node -> shape.add(node, ScenarioError.MISSING, "a policy is a map", "begin with version:"));
            return Optional.empty();
        }
        shape.known(top, Set.of("version", "expires", "grants", "revoked", "resets"));
        List<Grant> grants = new ArrayList<>();
        for (YamlNode item : shape.items(top, "grants")) {
            if (item instanceof YamlNode.Mapping map) {
                grants.add(grant(map));
            } else {
                shape.add(item, ScenarioError.VALUE, "a grant is a map", "write - name: release");
            }
        }
        Map<String, Long> resets = new HashMap<>();
        shape.texts(top, "resets").forEach((name, serial) -> resets.put(name, number(top, serial)));
        long version = number(top, shape.text(top, "version").orElse(""));
        Set<Bytes> revoked = new HashSet<>();
        texts(top, "revoked").forEach(key -> revoked.add(kid(top, key)));
        if (!findings.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Policy(site, version, issued, time(top, "expires"), grants, revoked, resets));
    }

    private Grant grant(YamlNode.Mapping map) {
        shape.known(map, Set.of("name", "keys", "threshold", "scenarios", "racks", "from", "until"));
        List<Bytes> keys = texts(map, "keys").stream()
                .map(name -> VerifyKey.readPem(beside(name)).raw())
                .toList();
        List<RackRef> racks = new ArrayList<>();
        for (YamlNode item : shape.items(map, "racks")) {
            if (item instanceof YamlNode.Mapping rack) {
                shape.known(rack, Set.of("name", "labels"));
                Optional<String> name = shape.text(rack, "name");
                racks.add(new RackRef(name, name.isPresent() ? Map.of() : shape.texts(rack, "labels")));
            } else {
                shape.add(item, ScenarioError.VALUE, "a Rack is a map", "write - name: rack-a");
            }
        }
        return new Grant(
                shape.text(map, "name").orElse(""),
                keys,
                (int) number(map, shape.text(map, "threshold").orElse("1")),
                texts(map, "scenarios"),
                racks,
                time(map, "from"),
                time(map, "until"));
    }

    /** A revoked key is named by its file or by its id. */
    private Bytes kid(YamlNode at, String key) {
        return key.matches("[0-9a-f]{64}")
                ? Bytes.ofHex(key)
                : VerifyKey.readPem(beside(key)).kid();
    }

    private Path beside(String name) {
        return file.toAbsolutePath().getParent().resolve(name);
    }

    private List<String> texts(YamlNode.Mapping map, String key) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : shape.items(map, key)) {
            if (item instanceof YamlNode.Scalar scalar) {
                texts.add(scalar.text());
            } else {
                shape.add(item, ScenarioError.VALUE, "an item of '" + key + "' is not text", "write one word");
            }
        }
        return texts;
    }

    private long number(YamlNode at, String text) {
        if (text.matches("[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        shape.add(at, ScenarioError.VALUE, "'" + YamlShape.shorten(text) + "' is not a number", "write digits");
        return 1;
    }

    private Optional<Long> time(YamlNode.Mapping map, String key) {
        return shape.text(map, key).map(text -> {
            try {
                return text.matches("\\d{1,12}")
                        ? Long.parseLong(text)
                        : Instant.parse(text).getEpochSecond();
            } catch (DateTimeParseException notATime) {
                shape.add(
                        map.get(key).orElseThrow(),
                        ScenarioError.VALUE,
                        "'" + YamlShape.shorten(text) + "' is not a time",
                        "write 2027-01-01T00:00:00Z, for example");
                return 0L;
            }
        });
    }
}
