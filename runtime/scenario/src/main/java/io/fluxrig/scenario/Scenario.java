package io.fluxrig.scenario;

import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A blueprint as signed (FORMATS section 6). Whether it may run is another question: see {@link VerifiedScenario}.
 *
 * @param serial rises with every signing of this name
 * @param issued unix seconds
 * @param expires unix seconds
 * @param gears sorted by name
 * @param wires sorted by from, to
 * @param specs by the reference as written, every base too
 * @param code by gear type, for types that are not built in
 */
public record Scenario(
        String site,
        String name,
        String version,
        long serial,
        long issued,
        Optional<Long> expires,
        List<RackRef> racks,
        List<GearDef> gears,
        List<Wire> wires,
        Map<String, SpecPin> specs,
        Map<String, CodePin> code,
        FluxMap limitsMap,
        Optional<Residency> residency,
        FluxMap meta) {

    public static final String CONTENT_TYPE = "application/vnd.fluxrig.scenario+cbor";

    /** A key of {@code meta}. */
    static final String RETURNS = "returns";

    public Scenario {
        racks = List.copyOf(racks);
        gears = List.copyOf(gears);
        wires = List.copyOf(wires);
        specs = Map.copyOf(specs);
        code = Map.copyOf(code);
    }

    /** A Rack by name, or every Rack that carries all these labels. */
    public record RackRef(Optional<String> name, Map<String, String> labels) {
        boolean matches(String rack, Map<String, String> its) {
            return name.map(rack::equals).orElseGet(() -> its.entrySet().containsAll(labels.entrySet()));
        }
    }

    /** @param deploy the Rack or label {@code key=value} it runs on; empty for every Rack of the scenario */
    public record GearDef(
            String name, String type, Optional<String> deploy, FluxMap config, Map<String, String> labels) {
        /** The Rack that it is deployed to by name. */
        Optional<String> rack() {
            return deploy.filter(where -> !where.contains("="));
        }
    }

    public enum Lane {
        HOT,
        GUARANTEED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record Wire(Endpoint from, Endpoint to, Lane lane) {
        /** What both Racks call it where it leads from one to another: {@code door.out>sink.in}. */
        public String name() {
            return from.text() + ">" + to.text();
        }
    }

    /** {@code gear.port} or {@code rack.gear.port}. */
    public record Endpoint(Optional<String> rack, String gear, String port) {
        public String text() {
            return rack.map(r -> r + ".").orElse("") + gear + "." + port;
        }

        static Optional<Endpoint> parse(String text) {
            String[] parts = text.split("\\.", -1);
            for (String part : parts) {
                if (!Names.isName(part)) {
                    return Optional.empty();
                }
            }
            return switch (parts.length) {
                case 2 -> Optional.of(new Endpoint(Optional.empty(), parts[0], parts[1]));
                case 3 -> Optional.of(new Endpoint(Optional.of(parts[0]), parts[1], parts[2]));
                default -> Optional.empty();
            };
        }
    }

    public record SpecPin(Bytes sha256, long size) {}

    public record CodePin(String version, Bytes sha256) {}

    /** Whether a gear runs on this Rack. */
    public boolean runsOn(GearDef gear, String rack, Map<String, String> labels) {
        boolean taken = racks.isEmpty() || racks.stream().anyMatch(r -> r.matches(rack, labels));
        boolean deployed = gear.deploy()
                .map(d -> d.equals(rack)
                        || d.contains("=")
                                && labels.getOrDefault(d.substring(0, d.indexOf('=')), "")
                                        .equals(d.substring(d.indexOf('=') + 1)))
                .orElse(true);
        return taken && deployed;
    }

    /** The other Rack that a wire leads to when it begins on {@code rack}; empty where it stays there. */
    public Optional<String> leadsTo(Wire wire, String rack) {
        return placeOf(wire.to()).filter(place -> !place.equals(rack));
    }

    /** Whether a wire may begin on this Rack: neither its end nor the gear there names another. */
    public boolean mayBeginAt(Wire wire, String rack) {
        return placeOf(wire.from()).filter(place -> !place.equals(rack)).isEmpty();
    }

    /** Whether a wire leads to this Rack and may begin on others. */
    public boolean arrivesAt(Wire wire, String rack) {
        return placeOf(wire.to()).equals(Optional.of(rack))
                && !placeOf(wire.from()).equals(Optional.of(rack));
    }

    /** The one Rack that an end of a wire stands on, where that is written. */
    private Optional<String> placeOf(Endpoint end) {
        return end.rack()
                .or(() -> gears.stream()
                        .filter(gear -> gear.name().equals(end.gear()))
                        .findFirst()
                        .flatMap(GearDef::rack));
    }

    /** The identity of the artifact whose content this one brings back, where it was signed for that. */
    public Optional<Bytes> returns() {
        return meta.get(RETURNS) instanceof Value.Bin bin ? Optional.of(bin.value()) : Optional.empty();
    }

    /** The limits, with defaults where the scenario says nothing. */
    public Limits limits() {
        return switch (SettingsSchema.of(Limits.class).read(limitsMap)) {
            case SettingsSchema.Read.Good<Limits> good -> good.settings();
            case SettingsSchema.Read.Bad<Limits> bad ->
                throw ScenarioForm.refuse("limits: " + bad.problems().getFirst().what());
        };
    }

    /** @throws io.fluxrig.signal.FluxException FORM where the value is not the payload of a scenario */
    public static Scenario fromPayload(Value payload) {
        return ScenarioForm.fromPayload(payload);
    }

    /** What a file of the right form says; says nothing of trust. */
    public static Optional<Scenario> claimedBy(byte[] file) {
        try {
            Bytes payload = SignedArtifact.parse(file, CONTENT_TYPE).payload();
            return Optional.of(
                    fromPayload(FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF)));
        } catch (FluxException formless) {
            return Optional.empty();
        }
    }

    /** The payload that is signed. */
    public FluxMap toPayload() {
        return ScenarioForm.toPayload(this);
    }
}
