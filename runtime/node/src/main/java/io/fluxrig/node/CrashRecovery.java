package io.fluxrig.node;

import io.fluxrig.gear.GearType.Recovery;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.vault.OpenSignal;

/** What becomes of a signal that a crash left without an end (FORMATS section 7). Pure decisions. */
final class CrashRecovery {
    private CrashRecovery() {}

    sealed interface Verdict {}

    /** Closed as failed; nothing leaves. */
    record Close(ErrorCode code, String reason) implements Verdict {}

    /** Driven again with the redelivered flag. */
    enum DriveAgain implements Verdict {
        INSTANCE
    }

    /**
     * @param recovery the recovery class of the gear by which it entered
     * @param guaranteed whether it was on the guaranteed lane
     * @param whole whether its message was stored with nothing taken out
     */
    static Verdict decide(OpenSignal signal, Recovery recovery, boolean guaranteed, boolean whole) {
        if (signal.egress() >= 0) {
            return new Close(NodeError.IN_DOUBT, "in doubt: recorded as leaving by leaf " + signal.egress());
        }
        if (guaranteed && recovery == Recovery.REDRIVE && whole) {
            return DriveAgain.INSTANCE;
        }
        return new Close(NodeError.INTERRUPTED, "interrupted before anything left");
    }
}
