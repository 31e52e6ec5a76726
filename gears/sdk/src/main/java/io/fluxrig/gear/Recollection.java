package io.fluxrig.gear;

import io.fluxrig.signal.FluxMsg;
import java.util.Optional;

/**
 * One past handling of a gear, rebuilt from the vault. Messages are as stored: values that must never be kept
 * ({@code sad}) are missing.
 *
 * @param handledAt unix nanoseconds
 * @param in the port by which the signal had come, empty for a timer
 * @param received the signal as it entered the Rack, with this gear's input where that was recorded in full
 * @param emitted the message that later left the Rack because of this handling; empty where none was recorded in full
 * @param out the port on which the gear emitted; empty where it emitted nothing
 * @param timer the name of the timer that had run out; empty otherwise
 */
public record Recollection(
        long handledAt,
        Optional<String> in,
        Optional<FluxMsg> received,
        Optional<String> out,
        Optional<FluxMsg> emitted,
        Optional<String> timer) {}
