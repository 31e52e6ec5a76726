package io.fluxrig.wal;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** F18: the power goes at every single step of recovery, and again at every step of the recovery after it. */
class RecoveryCrashTest {
    private static final int STRIDE = Integer.getInteger("wal.recovery.stride", 3);

    @Test
    void recoveryMayBeCutAtEveryStepAndOnceMore() throws IOException {
        long seed = 0;
        boolean firstReached = true;
        for (int first = 0; firstReached; first++) {
            boolean secondReached = true;
            firstReached = false;
            for (int second = 0; secondReached; second += STRIDE) {
                secondReached = false;
                seed++;
                try {
                    Random random = new Random(seed);
                    SimFileSys fs = new SimFileSys(random);
                    SimLog log = new SimLog(fs, random);
                    crashUnderLoad(fs, log);
                    if (cutOpening(fs, log, first)) {
                        firstReached = true;
                        secondReached = cutOpening(fs, log, second);
                    }
                    log.open();
                    log.appendSome();
                    log.close();
                    fs.restarted();
                    log.open();
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError("steps " + first + " and " + second + ", seed " + seed, e);
                }
            }
        }
    }

    /** Leaves a torn tail in the second segment, mostly. */
    private static void crashUnderLoad(SimFileSys fs, SimLog log) throws IOException {
        log.open();
        for (int i = 0; i < 12; i++) {
            log.appendSome();
        }
        fs.faultAfter(1, SimFileSys.Fault.POWER_CUT);
        try {
            log.appendSome();
            log.appendSome();
        } catch (SimFileSys.PowerCut | CompletionException e) {
            fs.powerOn();
            return;
        }
        throw new AssertionError("the power was not cut");
    }

    /** @return whether the power went before the log was open */
    private static boolean cutOpening(SimFileSys fs, SimLog log, int step) throws IOException {
        fs.faultAfter(step, SimFileSys.Fault.POWER_CUT);
        try {
            log.open();
        } catch (SimFileSys.PowerCut | CompletionException e) {
            fs.powerOn();
            return true;
        }
        // What is open is lost like after a kill.
        fs.powerOn();
        return false;
    }
}
