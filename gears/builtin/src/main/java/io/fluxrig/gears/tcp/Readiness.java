package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearSetup;

/** Counts the connections that are up; the gear is ready while there is one. */
final class Readiness {
    private final GearSetup setup;
    private int up;

    Readiness(GearSetup setup) {
        this.setup = setup;
    }

    synchronized void up() {
        if (++up == 1) {
            setup.ready(true);
        }
    }

    synchronized void down() {
        if (--up == 0) {
            setup.ready(false);
        }
    }
}
