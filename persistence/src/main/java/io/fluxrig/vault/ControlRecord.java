package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;

/**
 * A journaled fact of the control plane (a serial that was accepted, a gear id that was minted, a machine id that was
 * granted): a map whose {@code event} says which. Readers keep what they do not know.
 */
public record ControlRecord(FluxMap map) {
    public ControlRecord {
        if (map.text("event").isEmpty()) {
            throw new FluxException(VaultError.LEAF, "a control record names its event");
        }
    }

    public static FluxMap.Builder of(String event) {
        return FluxMap.builder().put("event", event);
    }

    public String event() {
        return map.text("event").orElseThrow();
    }

    static ControlRecord decode(byte[] bytes) {
        if (FluxCbor.decode(bytes) instanceof FluxMap map) {
            return new ControlRecord(map);
        }
        throw new FluxException(VaultError.LEAF, "a control record is a map");
    }
}
