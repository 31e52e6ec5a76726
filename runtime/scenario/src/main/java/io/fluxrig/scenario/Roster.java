package io.fluxrig.scenario;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Who speaks for a site, and which of its Racks it does not know any more: signed by a root key, so that no member of the cluster can give itself the Mixer's voice or
 * silence another Rack. Of two rosters the one of the later epoch holds, and in one epoch the one with the higher number.
 *
 * @param epoch of the Mixer that shows it, from 1
 * @param number rises whenever an operator decides about a Rack
 * @param stopped machine ids of Racks that are suspended or removed, rising
 */
public record Roster(String site, long epoch, long number, List<Integer> stopped) {
    public static final String CONTENT_TYPE = "application/vnd.fluxrig.roster+cbor";
    private static final String TYPE = "fluxrig/roster/1";
    private static final int MOST_BYTES = 1 << 20;

    public Roster {
        stopped = List.copyOf(stopped);
        if (!Names.isSite(site) || epoch < 1 || number < 0 || !isRising(stopped)) {
            throw new FluxException(ScenarioError.ROSTER, "site, epoch, number or machine ids are malformed");
        }
    }

    private static boolean isRising(List<Integer> machines) {
        int before = 0;
        for (int machine : machines) {
            if (machine <= before || machine > 65_535) {
                return false;
            }
            before = machine;
        }
        return true;
    }

    public byte[] sign(SigningKey root) {
        FluxMap payload = FluxMap.builder()
                .put("type", TYPE)
                .put("site", site)
                .put("epoch", epoch)
                .put("number", number)
                .put(
                        "stopped",
                        Value.of(stopped.stream()
                                .map(machine -> (Value) Value.of(machine.longValue()))
                                .toList()))
                .build();
        return SignedArtifact.sign(CONTENT_TYPE, FluxCbor.encode(payload), root);
    }

    /** @throws FluxException ROSTER where it is malformed or of another site; UNTRUSTED where no pinned root key has signed it */
    public static Roster verify(byte[] file, Collection<VerifyKey> roots, String site) {
        Bytes payload = SignedArtifact.verify(file, CONTENT_TYPE, roots, 1).payload();
        if (!(FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), MOST_BYTES) instanceof FluxMap map)
                || map.size() != 5
                || !map.text("type").orElse("").equals(TYPE)
                || !(map.get("stopped") instanceof Value.Array machines)) {
            throw new FluxException(ScenarioError.ROSTER, "its payload is not " + TYPE);
        }
        List<Integer> stopped = new ArrayList<>();
        for (Value machine : machines.items()) {
            stopped.add(machine instanceof Value.Int i && i.value() == (int) i.value() ? (int) i.value() : 0);
        }
        Roster roster =
                new Roster(map.text("site").orElse(""), map.integer("epoch", 0), map.integer("number", -1), stopped);
        if (!roster.site().equals(site)) {
            throw new FluxException(ScenarioError.ROSTER, "it is of site '" + roster.site() + "'");
        }
        return roster;
    }

    /** Whether that Rack may not speak for the site any more. */
    public boolean isStopped(Passport rack) {
        return rack.machines().stream().anyMatch(stopped::contains);
    }

    /** Whether this one holds where both are known. */
    public boolean isAfter(Roster other) {
        return epoch > other.epoch || epoch == other.epoch && number > other.number;
    }
}
