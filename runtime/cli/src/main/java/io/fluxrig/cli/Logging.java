package io.fluxrig.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What commands change about logging. */
final class Logging {
    private Logging() {}

    /** Gears say nothing; errors still show. */
    static void silenceGears() {
        if (LoggerFactory.getLogger("io.fluxrig.gears") instanceof Logger logger) {
            logger.setLevel(Level.ERROR);
        }
    }
}
