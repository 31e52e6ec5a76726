package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who was granted which machine id, for good, and the epoch in which the Mixer speaks. */
final class Registry {
    private static final int MAX_MACHINE = 65_535;

    /** What a Rack was granted. */
    record Grant(long sequence, int machine, Bytes key) {}

    private final Map<String, Grant> grants = new TreeMap<>();
    private long epoch;
    private Bytes root = Bytes.EMPTY;
    private Bytes witness = Bytes.EMPTY;

    void apply(ControlRecord record) {
        FluxMap map = record.map();
        switch (record.event()) {
            case "enrolled" ->
                grants.put(
                        map.text("name").orElseThrow(),
                        new Grant(map.integer("sequence", 0), (int) map.integer("machine", 0), bytes(map, "key")));
            case "began" -> {
                epoch = map.integer("epoch", 0);
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

    /** What this Rack was granted before. */
    Optional<Grant> of(String name) {
        return Optional.ofNullable(grants.get(name));
    }

    /** What the next Rack is granted; empty where nothing is left. A machine id is never granted twice. */
    Optional<Grant> next(Bytes key) {
        int highest = grants.values().stream().mapToInt(Grant::machine).max().orElse(0);
        return highest == MAX_MACHINE ? Optional.empty() : Optional.of(new Grant(grants.size() + 1L, highest + 1, key));
    }

    static ControlRecord enrolled(String name, Grant grant) {
        return new ControlRecord(ControlRecord.of("enrolled")
                .put("name", name)
                .put("sequence", grant.sequence())
                .put("machine", grant.machine())
                .put("key", grant.key())
                .build());
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }
}
