package io.fluxrig.scenario;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.util.Optional;

/** Whether a signed scenario may follow what a Rack has accepted before (FORMATS section 6). */
public final class SerialRule {
    private static final long MAX_JUMP = 1_000_000;

    private SerialRule() {}

    /**
     * Returns whether the artifact is new to this Rack; the same artifact again is fine and not new.
     *
     * @throws FluxException ROLLBACK, EQUIVOCATION or JUMP
     */
    public static boolean check(
            String name, Optional<Long> known, Optional<Bytes> knownIdentity, long serial, Bytes identity) {
        if (known.isEmpty()) {
            return true;
        }
        long highest = known.get();
        if (serial < highest) {
            throw new FluxException(
                    ScenarioError.ROLLBACK, "'" + name + "' serial " + serial + " after serial " + highest);
        }
        if (serial == highest) {
            if (!knownIdentity.equals(Optional.of(identity))) {
                throw new FluxException(
                        ScenarioError.EQUIVOCATION,
                        "'" + name + "' serial " + serial + " is " + identity.hex() + ", before it was "
                                + knownIdentity.map(Bytes::hex).orElse("?"));
            }
            return false;
        }
        if (serial - highest > MAX_JUMP) {
            throw new FluxException(ScenarioError.JUMP, "'" + name + "' serial " + serial + " after serial " + highest);
        }
        return true;
    }
}
