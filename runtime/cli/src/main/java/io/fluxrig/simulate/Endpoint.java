package io.fluxrig.simulate;

import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.signal.FluxException;
import java.time.Duration;

/** {@code host:port}, as an option gives it. */
public record Endpoint(String host, int port) {
    public static Endpoint parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 0xFFFF) {
                return new Endpoint(text.substring(0, colon), port);
            }
        } catch (NumberFormatException notAPort) {
            // Told below.
        }
        throw new FluxException(SimulateError.WRONG_USE, option + " takes host:port, for example 127.0.0.1:8583");
    }

    static Duration duration(String option, String text) {
        Duration duration = SettingsSchema.duration(text);
        if (duration == null) {
            throw new FluxException(SimulateError.WRONG_USE, option + " takes a duration such as 500ms, 10s or 5m");
        }
        return duration;
    }
}
