package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Waits for credit on behalf of one connection. Tries again after a while even if nobody calls: a credit's call may have gone to a reader that had
 * nothing to read.
 */
final class Pause {
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Supplier<Intake> intake;
    private final NetLoop loop;
    private final Runnable resume;
    private final Set<SignalClass> waiting = Collections.synchronizedSet(EnumSet.noneOf(SignalClass.class));

    Pause(Supplier<Intake> intake, NetLoop loop, Runnable resume) {
        this.intake = intake;
        this.loop = loop;
        this.resume = resume;
    }

    /**
     * Resumes when it may be worth another try. At most one call for each class waits at the door; a door that is closed for another reason than credit would
     * call back at once, so it is only tried again later.
     */
    void until(SignalClass signalClass, Intake.Refused refused) {
        loop.after(RETRY, resume);
        if (refused.code() == GearError.BUSY && waiting.add(signalClass)) {
            intake.get().whenCredit(signalClass, () -> {
                waiting.remove(signalClass);
                resume.run();
            });
        }
    }
}
