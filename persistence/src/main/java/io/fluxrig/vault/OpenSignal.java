package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;

/**
 * A signal without an end, as recovery finds it.
 *
 * @param id its fluxID
 * @param ingress index of its first leaf
 * @param gear entity id of the gear by which it entered
 * @param port that gear's port
 * @param scn the scenario of its pipeline
 * @param egress index of its last egress leaf, or -1
 */
public record OpenSignal(long id, long ingress, long gear, String port, Bytes scn, long egress) {
    OpenSignal leftAt(long n) {
        return new OpenSignal(id, ingress, gear, port, scn, n);
    }
}
