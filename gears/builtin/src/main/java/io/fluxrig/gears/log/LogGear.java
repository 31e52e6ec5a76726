package io.fluxrig.gears.log;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The sink: counts and tells, and keeps nothing. What comes from an error port stays a failure: a line in a log repairs nothing. */
final class LogGear implements Gear {
    private static final Logger LOG = LoggerFactory.getLogger(LogGear.class);
    private static final String CODE = "error.code";
    private static final String REASON = "error.reason";

    private final Level level;
    private final String name;

    LogGear(LogSettings.Level level, String name) {
        this.level = Level.valueOf(level.name());
        this.name = name;
    }

    @Override
    public Outcome handle(Signal signal, GearContext context) {
        FluxMsg msg = signal.msg();
        Optional<ToldError> failure = Optional.ofNullable(msg.meta().get(CODE)).flatMap(ToldError::parse);
        context.count(failure.isPresent() ? "failures" : "logged");
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level).log(line(msg));
        }
        return failure.map(code -> Outcome.fail(code, msg.meta().getOrDefault(REASON, "no reason was told")))
                .orElseGet(Outcome::consumed);
    }

    /** Of meta only what says nothing of anybody. */
    String line(FluxMsg msg) {
        StringBuilder line = new StringBuilder(name).append(": ").append(FluxId.text(msg.id()));
        append(line, "mti", msg.meta().get("iso.mti"));
        append(line, "code", msg.meta().get(CODE));
        append(line, "reason", msg.meta().get(REASON));
        return line.append(" fields=")
                .append(msg.data().size())
                .append(" raw=")
                .append(msg.raw().length())
                .toString();
    }

    private static void append(StringBuilder line, String key, String value) {
        if (value != null) {
            line.append(' ').append(key).append('=').append(value);
        }
    }
}
