package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.Signal;
import io.fluxrig.gears.Payments;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A correlator with two routes, and the words to talk to it. */
final class Switch {
    final Clockwork clock = new Clockwork();
    final CorrelatorSettings settings;
    final CorrelatorGear gear;
    private long number;

    Switch() {
        this(config());
    }

    Switch(FluxMap config) {
        this(config, Payments.SPEC);
    }

    Switch(FluxMap config, Spec spec) {
        settings = settings(config);
        gear = new CorrelatorGear(settings, spec, new OpenExchanges());
    }

    /** A fresh one after a restart: ids go on where {@code before} stopped. */
    static Switch after(Switch before) {
        Switch fresh = new Switch();
        fresh.number = before.number;
        fresh.clock.now = before.clock.now;
        return fresh;
    }

    static FluxMap config() {
        return FluxMap.builder()
                .put("spec", "specs/payments.yaml")
                .put("routes", Value.of(List.of(Value.of("alpha"), Value.of("beta"))))
                .build();
    }

    static CorrelatorSettings settings(FluxMap config) {
        return switch (SettingsSchema.of(CorrelatorSettings.class).read(config)) {
            case SettingsSchema.Read.Good<CorrelatorSettings> good -> good.settings();
            case SettingsSchema.Read.Bad<CorrelatorSettings> bad -> throw new AssertionError(bad.problems());
        };
    }

    static FluxMap purchase(String terminal, String trace) {
        return FluxMap.builder()
                .put("0", "0200")
                .put("2", "9999100000000006")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1123181500")
                .put("11", trace)
                .put("37", "RRN" + terminal.substring(5) + trace)
                .put("41", terminal)
                .put("42", "MERCHANT0000001")
                .put("49", "978")
                .build();
    }

    FluxMsg message(FluxMap data, Map<String, String> meta) {
        return FluxMsg.builder()
                .id(FluxId.of(++number, 0, 1))
                .srcId(1)
                .ts(clock.now)
                .meta(meta)
                .data(data)
                .raw(Bytes.wrap(Payments.SPEC.codec().encode(data)))
                .build();
    }

    FluxMsg asked(FluxMap data, String session) {
        return message(
                data, Map.of("tcp.session", session, "iso.mti", data.text("0").orElseThrow()));
    }

    Outcome in(String port, FluxMsg msg) {
        return gear.handle(new Signal(msg, port, Optional.of(Payments.SPEC)), clock);
    }

    /** What the scheme answers to what it was sent. */
    FluxMsg schemeAnswers(FluxMsg sent, String code) {
        FluxMap data = sent.data();
        String mti = data.text("0").orElseThrow();
        FluxMap answer = data.without("2")
                .with("0", Value.of(mti.substring(0, 2) + (char) (mti.charAt(2) + 1) + mti.charAt(3)))
                .with("39", Value.of(code));
        return message(answer, Map.of("iso.mti", answer.text("0").orElseThrow()));
    }

    static FluxMsg emitted(Outcome outcome, String port) {
        if (outcome.way() instanceof Outcome.Emitted out
                && out.emissions().get(0).port().equals(port)) {
            return out.emissions().get(0).msg();
        }
        throw new AssertionError("not emitted on " + port + ": " + outcome);
    }

    static Draft born(Outcome outcome) {
        if (outcome.way() instanceof Outcome.Consumed
                && outcome.births().size() == 1
                && outcome.births().get(0).port().equals("reply")) {
            return outcome.births().get(0).draft();
        }
        throw new AssertionError("no answer was born: " + outcome);
    }

    static String codeOf(Draft answer) {
        return answer.data().text("39").orElseThrow();
    }
}
