package io.fluxrig.gear.testkit;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One life of a gear under a clock of its own: signals a millisecond apart, then every timer that is left. */
final class Trial {
    private static final long START = 1_790_000_000_000_000_000L;
    private static final long STEP = 1_000_000;
    private static final int MAX_TIMERS = 10_000;
    /** Shorter texts, such as a response code, may stand in a reason by chance. */
    private static final int TELLING = 6;

    private final Gear gear;
    private final GearType.Ports ports;
    private final List<String> findings = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Long> timers = new TreeMap<>();
    private long now = START;

    Trial(Gear gear, GearType.Ports ports) {
        this.gear = gear;
        this.ports = ports;
    }

    static FluxMsg emptyMessage() {
        return FluxMsg.builder().id(FluxId.of(1, 0, 1)).srcId(1).ts(START).build();
    }

    List<String> findings() {
        return findings;
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    /** What the gear asked of its context, in order. */
    List<String> asked() {
        return asked;
    }

    void run(List<Signal> signals) {
        for (Signal signal : signals) {
            now += STEP;
            Optional<Outcome> outcome =
                    guarded("a signal on '" + signal.port() + "'", () -> gear.handle(signal, new Context()));
            outcome.ifPresent(o -> examine(o, signal));
        }
        for (int fired = 0; !timers.isEmpty() && fired < MAX_TIMERS; fired++) {
            fireNext();
        }
        if (!timers.isEmpty()) {
            findings.add("timers start timers without an end");
        }
    }

    private void fireNext() {
        String name = timers.entrySet().stream()
                .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .orElseThrow()
                .getKey();
        now = Math.max(now, timers.remove(name));
        guarded("a timer", () -> gear.onTimer(name, new Context())).ifPresent(outcome -> {
            outcomes.add(outcome);
            if (!(outcome.way() instanceof Outcome.Consumed)) {
                findings.add("a timer is answered with births alone: there is no signal that could go on");
            }
            examineBirths(outcome);
        });
    }

    private Optional<Outcome> guarded(String what, Supplier<Outcome> step) {
        try {
            Outcome outcome = step.get();
            if (outcome == null) {
                findings.add(what + " is answered with null");
            }
            return Optional.ofNullable(outcome);
        } catch (RuntimeException | StackOverflowError thrown) {
            findings.add(what + " makes the gear throw " + thrown.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private void examine(Outcome outcome, Signal signal) {
        outcomes.add(outcome);
        examineBirths(outcome);
        switch (outcome.way()) {
            case Outcome.Emitted emitted -> emitted.emissions().forEach(emission -> examine(emission, signal.msg()));
            case Outcome.Failed failed -> examine(failed, signal.msg().data());
            case Outcome.Sent sent ->
                findings.add("a gear in its simple form writes nothing to the outside, so it cannot say 'sent'");
            case Outcome.Consumed consumed -> {}
        }
    }

    private void examine(Outcome.Emission emission, FluxMsg received) {
        declared(emission.port());
        FluxMsg msg = emission.msg();
        if (msg.id() != received.id()) {
            findings.add("an emission changes the id: a new signal is a birth");
        }
        if (msg.ts() != received.ts()) {
            findings.add("an emission changes the creation time");
        }
        if (!msg.path().equals(received.path())) {
            findings.add("an emission changes the path: the runtime adds the hop");
        }
    }

    private void examine(Outcome.Failed failed, FluxMap data) {
        data.forEach((key, value) -> {
            if (value instanceof Value.Text text
                    && text.value().length() >= TELLING
                    && failed.reason().contains(text.value())) {
                findings.add("the reason of a failure repeats the field " + key);
            }
        });
    }

    private void examineBirths(Outcome outcome) {
        outcome.births().forEach(birth -> declared(birth.port()));
    }

    private void declared(String port) {
        if (!ports.out().contains(port)) {
            findings.add("something leaves by '" + port + "', which is not a declared out-port");
        }
    }

    private final class Context implements GearContext {
        @Override
        public long now() {
            return now;
        }

        @Override
        public void startTimer(String name, Duration after) {
            asked.add("start " + name + " " + after);
            if (after.isNegative()) {
                findings.add("a timer is started into the past");
            }
            timers.put(name, now + after.toNanos());
        }

        @Override
        public void cancelTimer(String name) {
            asked.add("cancel " + name);
            timers.remove(name);
        }

        @Override
        public void count(String counter) {
            asked.add("count " + counter);
        }

        @Override
        public void gauge(String name, long value) {
            asked.add("gauge " + name + " " + value);
        }
    }
}
