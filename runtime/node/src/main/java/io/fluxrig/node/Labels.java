package io.fluxrig.node;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The labels that a metric may carry, and the form that each must have: names from configuration and members of fixed sets. A meter with any other is not made, and
 * neither is one beyond {@value #MOST}: what comes from a signal never becomes a time series.
 */
final class Labels implements MeterFilter {
    static final int MOST = 5_000;

    private static final Pattern WORD = Pattern.compile("[a-z][a-z_]{0,23}");
    /** As scenarios name gears; no longer run of digits, which a card number would be. */
    private static final Pattern NAME = Pattern.compile("(?!.*[0-9]{7})[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /** As scenarios name the two ends of a wire. */
    private static final Pattern WIRE =
            Pattern.compile("(?!.*[0-9]{7})[A-Za-z0-9][A-Za-z0-9_.-]{0,191}>[A-Za-z0-9][A-Za-z0-9_.-]{0,191}");

    private static final Map<String, Pattern> ALLOWED = Map.of(
            "gear", NAME,
            "route", NAME,
            "what", NAME,
            "rack", NAME,
            "wire", WIRE,
            "class", WORD,
            "outcome", WORD,
            "state", WORD,
            "sink", WORD,
            "code", Pattern.compile("FLX-[0-9]{4}"));

    private int made;

    @Override
    public synchronized MeterFilterReply accept(Meter.Id id) {
        for (Tag tag : id.getTags()) {
            Pattern form = ALLOWED.get(tag.getKey());
            if (form == null || !form.matcher(tag.getValue()).matches()) {
                return MeterFilterReply.DENY;
            }
        }
        return made++ < MOST ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }
}
