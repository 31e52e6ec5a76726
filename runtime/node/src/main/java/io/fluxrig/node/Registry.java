package io.fluxrig.node;

import io.fluxrig.scenario.Roster;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which Racks there are, who was granted which machine id, for good, and the epoch in which the Mixer speaks. */
final class Registry {
    private static final int MAX_MACHINE = 65_535;
    private static final String ENROLLED = "enrolled";
    private static final String PENDING = "pending";
    private static final String STANDING = "standing";
    private static final String FORGOTTEN = "forgotten";

    /** What a Rack may do. */
    enum Standing {
        /** It has asked, and an operator has not answered. */
        PENDING,
        APPROVED,
        SUSPENDED,
        /** Never to come back; its name and machine id are given to nobody else. */
        REMOVED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a Rack was granted. */
    record Grant(long sequence, int machine, Bytes key) {}

    /**
     * What is known of a Rack.
     *
     * @param grant empty as long as it is pending
     * @param since unix seconds
     * @param by who has decided so
     */
    record Entry(Standing standing, Bytes key, Optional<Grant> grant, long since, String by, String why) {}

    private final Map<String, Entry> racks = new TreeMap<>();
    private final Set<Bytes> usedTickets = new HashSet<>();
    private long epoch;
    private long decisions;
    private Bytes root = Bytes.EMPTY;
    private Bytes witness = Bytes.EMPTY;

    void apply(ControlRecord record) {
        FluxMap map = record.map();
        String name = map.text("name").orElse("");
        long at = map.integer("at", 0);
        String by = map.text("by").orElse("");
        switch (record.event()) {
            case PENDING ->
                racks.put(name, new Entry(Standing.PENDING, bytes(map, "key"), Optional.empty(), at, by, ""));
            case ENROLLED -> {
                Bytes key = bytes(map, "key");
                Grant grant = new Grant(map.integer("sequence", 0), (int) map.integer("machine", 0), key);
                racks.put(name, new Entry(Standing.APPROVED, key, Optional.of(grant), at, by, ""));
                usedTickets.add(bytes(map, "ticket"));
            }
            case STANDING -> {
                Standing now = Standing.valueOf(map.text(STANDING).orElseThrow().toUpperCase(Locale.ROOT));
                String why = map.text("why").orElse("");
                racks.computeIfPresent(name, (rack, is) -> new Entry(now, is.key(), is.grant(), at, by, why));
                decisions++;
            }
            case FORGOTTEN -> racks.remove(name);
            case "began" -> {
                epoch = map.integer("epoch", 0);
                decisions++;
                root = bytes(map, "root");
                witness = bytes(map, "witness");
            }
            default -> {
                // somebody else's record
            }
        }
    }

    /** Rises with each start of a Mixer; 0 before the first. */
    long epoch() {
        return epoch;
    }

    /** How often something was decided of which Racks must know. */
    long decisions() {
        return decisions;
    }

    /** What Racks must know of each other. */
    Roster roster(String site) {
        List<Integer> stopped = racks.values().stream()
                .filter(e -> e.standing() == Standing.SUSPENDED || e.standing() == Standing.REMOVED)
                .flatMap(e -> e.grant().stream())
                .map(Grant::machine)
                .sorted()
                .toList();
        return new Roster(site, epoch, decisions, stopped);
    }

    /**
     * Begins the next epoch.
     *
     * @throws FluxException MIXER_KEYS where the Mixer before signed with other keys: nobody would believe this one
     */
    ControlRecord begin(SigningKey its, SigningKey countersigns) {
        Bytes mine = its.publicKey().raw();
        Bytes second = countersigns.publicKey().raw();
        if (epoch > 0 && !(mine.equals(root) && second.equals(witness))) {
            throw new FluxException(
                    NodeError.MIXER_KEYS,
                    (mine.equals(root) ? "keys/mixer.pem" : "keys/root.pem") + " is not that of epoch " + epoch);
        }
        return new ControlRecord(ControlRecord.of("began")
                .put("epoch", epoch + 1)
                .put("root", mine)
                .put("witness", second)
                .build());
    }

    /** What is known of this Rack. */
    Optional<Entry> of(String name) {
        return Optional.ofNullable(racks.get(name));
    }

    /** By name. */
    Map<String, Entry> all() {
        return Collections.unmodifiableMap(racks);
    }

    /** How many wait for an answer. */
    long pending() {
        return racks.values().stream()
                .filter(e -> e.standing() == Standing.PENDING)
                .count();
    }

    boolean isUsed(Bytes ticket) {
        return usedTickets.contains(ticket);
    }

    /** What the next Rack is granted; empty where nothing is left. A machine id is never granted twice. */
    Optional<Grant> next(Bytes key) {
        long granted =
                racks.values().stream().filter(e -> e.grant().isPresent()).count();
        int highest = racks.values().stream()
                .flatMap(e -> e.grant().stream())
                .mapToInt(Grant::machine)
                .max()
                .orElse(0);
        return highest == MAX_MACHINE ? Optional.empty() : Optional.of(new Grant(granted + 1, highest + 1, key));
    }

    static ControlRecord pending(String name, Bytes key, long at) {
        return new ControlRecord(ControlRecord.of(PENDING)
                .put("name", name)
                .put("key", key)
                .put("at", at)
                .build());
    }

    /** @param ticket identity of the ticket that it was for, empty for none */
    static ControlRecord enrolled(String name, Grant grant, long at, String by, Bytes ticket) {
        FluxMap.Builder record = ControlRecord.of(ENROLLED)
                .put("name", name)
                .put("sequence", grant.sequence())
                .put("machine", grant.machine())
                .put("key", grant.key())
                .put("at", at)
                .put("by", by);
        if (!ticket.isEmpty()) {
            record.put("ticket", ticket);
        }
        return new ControlRecord(record.build());
    }

    static ControlRecord standing(String name, Standing now, long at, String by, String why) {
        return new ControlRecord(ControlRecord.of(STANDING)
                .put("name", name)
                .put(STANDING, now.word())
                .put("at", at)
                .put("by", by)
                .put("why", why)
                .build());
    }

    /** One that only had asked. */
    static ControlRecord forgotten(String name) {
        return new ControlRecord(ControlRecord.of(FORGOTTEN).put("name", name).build());
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }
}
