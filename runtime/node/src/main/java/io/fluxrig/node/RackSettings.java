package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What a Rack is made of.
 *
 * @param shelf where artifacts go before they are remembered
 * @param artifact empty when the last good scenario is to run again
 */
record RackSettings(
        String name,
        Map<String, String> labels,
        DataDir data,
        Shelf shelf,
        GearTypes types,
        GearJars jars,
        Trust trust,
        Optional<Bytes> artifact,
        Clock clock,
        Config config) {
    /** The same for another Rack. */
    RackSettings named(String another, Map<String, String> its) {
        return new RackSettings(another, its, data, shelf, types, jars, trust, artifact, clock, config);
    }

    /** The same where a successor on another node may follow. */
    RackSettings movable(Shelf shared, Config its) {
        return new RackSettings(name, labels, data, shared, types, jars, trust, artifact, clock, its);
    }

    boolean isMovable() {
        return shelf.site().isPresent();
    }
}
