package io.fluxrig.examples.velocity;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers when each card was let through, in memory only, and after a restart from the vault. */
final class VelocityGear implements Gear {
    private static final String EXCEEDS_FREQUENCY = "65";
    private static final List<String> ECHO = List.of("3", "4", "7", "11", "12", "13", "32", "37", "41", "42", "49");

    private final VelocitySettings settings;
    /** The card that was used longest ago comes first, and makes room when there are too many. */
    private final Map<String, Deque<Long>> passes = new LinkedHashMap<>(16, 0.75f, true);

    VelocityGear(VelocitySettings settings) {
        this.settings = settings;
    }

    @Override
    public Outcome handle(Signal signal, GearContext context) {
        FluxMsg msg = signal.msg();
        Optional<String> card = msg.data().text(settings.field());
        if (card.isEmpty() || !isRequest(msg.data())) {
            return Outcome.emit(VelocityType.OUT, msg);
        }
        Deque<Long> recent = recent(card.get(), context.now());
        if (recent.size() < settings.limit()) {
            recent.addLast(context.now());
            return Outcome.emit(VelocityType.OUT, msg);
        }
        context.count("declined");
        return decline(msg, signal.spec());
    }

    /** Authorizations and purchases; reversals and network management always pass. */
    private static boolean isRequest(FluxMap data) {
        String mti = data.text("0").orElse("");
        return mti.equals("0100") || mti.equals("0200");
    }

    private Deque<Long> recent(String card, long now) {
        Deque<Long> times = passes.computeIfAbsent(card, c -> new ArrayDeque<>());
        long oldest = now - settings.window().toNanos();
        while (!times.isEmpty() && times.peekFirst() <= oldest) {
            times.removeFirst();
        }
        if (passes.size() > settings.maxWatched()) {
            passes.remove(passes.keySet().iterator().next());
        }
        return times;
    }

    private static Outcome decline(FluxMsg request, Optional<Spec> spec) {
        if (spec.isEmpty()) {
            return Outcome.fail(GearError.NO_FIELD, "without a spec no answer can be written");
        }
        FluxMap.Builder answer = FluxMap.builder()
                .put("0", request.data().text("0").orElseThrow().substring(0, 2) + "10")
                .put("39", EXCEEDS_FREQUENCY);
        ECHO.forEach(element -> answer.putIf(element, request.data().get(element)));
        try {
            FluxMap data = answer.build();
            Bytes raw = Bytes.wrap(spec.get().codec().encode(data));
            // The request's own context leads back to the terminal that asked.
            return Outcome.consumed()
                    .born(VelocityType.DECLINED, new Draft(request.id(), request.meta(), data, raw, spec));
        } catch (FluxException unfit) {
            return Outcome.fail(GearError.ENCODE, "the answer does not fit the spec");
        }
    }

    @Override
    public Duration memory() {
        return settings.window();
    }

    /** After a restart a card is not fresh again: what was let through within the window still counts. */
    @Override
    public void recall(Recollection past, GearContext context) {
        if (past.out().filter(VelocityType.OUT::equals).isEmpty()) {
            return;
        }
        past.received()
                .map(FluxMsg::data)
                .filter(VelocityGear::isRequest)
                .flatMap(data -> data.text(settings.field()))
                .ifPresent(card -> recent(card, past.handledAt()).addLast(past.handledAt()));
    }
}
