package io.fluxrig.gear;

import java.time.Duration;

/** What a gear may ask of the runtime while it handles a signal or a timer. Valid only during that call. */
public interface GearContext {
    /** Unix nanoseconds at which this handling happens; the recorded time in a replay. */
    long now();

    /** Starts a timer; one already running under this name starts anew. At most 100,000 run at once per gear. */
    void startTimer(String name, Duration after);

    void cancelTimer(String name);

    /** Adds one to a counter of this gear. Names are constants of the gear's code, never values from a signal. */
    void count(String counter);

    /** Sets a figure of this gear, such as how many exchanges are open on a route. Names as for {@link #count}. */
    void gauge(String name, long value);
}
