package io.fluxrig.node;

import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The artifacts that the Mixer was given, which of them the Racks are to run, and what came of it. */
final class Releases {
    private static final int MAX_RELEASES = 1_000;
    private static final int MAX_EVENTS = 1_000;

    /**
     * @param file names the artifact's bytes in the store
     * @param at unix seconds at which it was pushed
     * @param returns the identity of the artifact whose content this one brings back
     */
    record Release(
            String name, String version, long serial, Bytes identity, Bytes file, long at, Optional<Bytes> returns) {
        static Release of(VerifiedScenario verified, Bytes file, long at) {
            Scenario s = verified.scenario();
            return new Release(s.name(), s.version(), s.serial(), verified.identity(), file, at, s.returns());
        }
    }

    /** @param what {@code pushed}, {@code running} or {@code refused}; {@code rack} and {@code why} may be empty */
    record Event(long at, String what, Bytes identity, String rack, String why) {}

    private final Map<Bytes, Release> releases = new LinkedHashMap<>();
    private final Deque<Event> events = new ArrayDeque<>();
    private Bytes wanted = Bytes.EMPTY;
    private Bytes policy = Bytes.EMPTY;

    static ControlRecord pushed(Release r) {
        FluxMap.Builder map = ControlRecord.of("pushed")
                .put("name", r.name())
                .put("version", r.version())
                .put("serial", r.serial())
                .put("identity", r.identity())
                .put("file", r.file())
                .put("at", r.at());
        r.returns().ifPresent(old -> map.put("returns", old));
        return new ControlRecord(map.build());
    }

    static ControlRecord outcome(Event event) {
        return new ControlRecord(ControlRecord.of("outcome")
                .put("at", event.at())
                .put("what", event.what())
                .put("identity", event.identity())
                .put("rack", event.rack())
                .put("why", event.why())
                .build());
    }

    /** @param file names the policy's bytes in the store */
    static ControlRecord policy(Bytes file) {
        return new ControlRecord(ControlRecord.of("policy").put("file", file).build());
    }

    static ControlRecord wanted(Bytes identity) {
        return new ControlRecord(
                ControlRecord.of("wanted").put("identity", identity).build());
    }

    void apply(ControlRecord record) {
        FluxMap map = record.map();
        switch (record.event()) {
            case "pushed" -> {
                Release release = new Release(
                        map.text("name").orElseThrow(),
                        map.text("version").orElseThrow(),
                        map.integer("serial", 0),
                        bytes(map, "identity"),
                        bytes(map, "file"),
                        map.integer("at", 0),
                        map.has("returns") ? Optional.of(bytes(map, "returns")) : Optional.empty());
                releases.putIfAbsent(release.identity(), release);
                releases.keySet().stream()
                        .filter(id -> releases.size() > MAX_RELEASES && !id.equals(wanted))
                        .findFirst()
                        .ifPresent(releases::remove);
                add(new Event(release.at(), "pushed", release.identity(), "", ""));
            }
            case "outcome" ->
                add(new Event(
                        map.integer("at", 0),
                        map.text("what").orElse(""),
                        bytes(map, "identity"),
                        map.text("rack").orElse(""),
                        map.text("why").orElse("")));
            case "policy" -> policy = bytes(map, "file");
            case "wanted" -> wanted = bytes(map, "identity");
            default -> {
                // somebody else's record
            }
        }
    }

    private void add(Event event) {
        events.add(event);
        if (events.size() > MAX_EVENTS) {
            events.poll();
        }
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }

    /** The policy in force, by the name of its bytes in the store. */
    Optional<Bytes> policy() {
        return Optional.of(policy).filter(file -> !file.isEmpty());
    }

    Optional<Release> wanted() {
        return Optional.ofNullable(releases.get(wanted));
    }

    List<Release> all() {
        return List.copyOf(releases.values());
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    /** @throws FluxException NO_RELEASE where none, or more than one, begins with this */
    Release find(String identityHex) {
        List<Release> found = releases.values().stream()
                .filter(r -> r.identity().hex().startsWith(identityHex))
                .toList();
        if (identityHex.length() < 8 || found.size() != 1) {
            throw new FluxException(
                    NodeError.NO_RELEASE,
                    found.size() + " artifacts here begin with '"
                            + identityHex.substring(0, Math.min(64, identityHex.length())) + "'");
        }
        return found.getFirst();
    }

    /** The newest artifact that was signed in advance to bring old content back. */
    Release wayBack() {
        Release now = wanted().orElseThrow(() -> new FluxException(NodeError.NO_RELEASE, "nothing was activated here"));
        return releases.values().stream()
                .filter(r -> r.name().equals(now.name()) && r.returns().isPresent() && r.serial() > now.serial())
                .max(Comparator.comparing(Release::serial))
                .orElseThrow(() -> new FluxException(
                        NodeError.NO_WAY_BACK,
                        "'" + now.name() + "' runs with serial " + now.serial()
                                + ", and no later artifact here brings old content back"));
    }
}
