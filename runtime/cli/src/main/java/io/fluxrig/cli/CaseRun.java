package io.fluxrig.cli;

import io.fluxrig.gear.Draft;
import io.fluxrig.gears.iso8583.Fields;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.node.Rehearsal;
import io.fluxrig.node.Rehearsal.Left;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One case against a scenario, in virtual time. */
final class CaseRun {
    private static final String SESSION = "tcp.session";

    /** What went wrong, and at which line of the test file. */
    record Failure(int line, String what) {}

    private final VerifiedScenario scenario;
    private final VerifiedScenario.Prepared prepared;
    private final Rehearsal rehearsal;
    private final List<Left> unexpected = new ArrayList<>();
    private final Map<String, Left> lastAt = new HashMap<>();

    private CaseRun(VerifiedScenario scenario, VerifiedScenario.Prepared prepared, DataKeys keys) {
        this.scenario = scenario;
        this.prepared = prepared;
        this.rehearsal = new Rehearsal(scenario, prepared, keys);
    }

    /** Empty where everything came as it was told. */
    static Optional<Failure> run(
            TestCases.Case story, VerifiedScenario scenario, VerifiedScenario.Prepared prepared, DataKeys keys) {
        CaseRun run = new CaseRun(scenario, prepared, keys);
        for (TestCases.Step step : story.steps()) {
            Optional<String> wrong;
            try {
                wrong = run.step(step);
            } catch (FluxException refused) {
                wrong = Optional.of(refused.line());
            }
            if (wrong.isPresent()) {
                return Optional.of(new Failure(step.line(), wrong.get()));
            }
            run.unexpected.addAll(run.rehearsal.takeLeft());
        }
        return Optional.empty();
    }

    private Optional<String> step(TestCases.Step step) {
        return switch (step) {
            case TestCases.Send send -> send(send);
            case TestCases.Expect expect -> expect(expect);
            case TestCases.NothingAt nothing ->
                unexpected.stream()
                        .filter(left -> left.gear().equals(nothing.gear()))
                        .findFirst()
                        .map(left -> "this left by " + nothing.gear() + ": " + told(left));
            case TestCases.After after -> {
                rehearsal.pass(after.time());
                yield Optional.empty();
            }
            case TestCases.Peer peer -> {
                rehearsal.peer(peer.gear(), peer.up());
                yield gear(peer.gear()).isPresent() ? Optional.empty() : noGear(peer.gear());
            }
            case TestCases.Restart restart -> {
                rehearsal.restart();
                yield Optional.empty();
            }
        };
    }

    private Optional<Scenario.GearDef> gear(String name) {
        return scenario.scenario().gears().stream()
                .filter(g -> g.name().equals(name))
                .findFirst();
    }

    private static Optional<String> noGear(String name) {
        return Optional.of("the scenario has no gear '" + name + "'");
    }

    private Optional<String> send(TestCases.Send send) {
        Optional<Scenario.GearDef> gear = gear(send.gear());
        if (gear.isEmpty()) {
            return noGear(send.gear());
        }
        Optional<Spec> spec = gear.get()
                .config()
                .text("spec")
                .map(reference -> prepared.specs().get(reference));
        FluxMap data = FluxMap.EMPTY;
        if (send.answers().isPresent()) {
            Left asked = lastAt.get(send.answers().get());
            if (asked == null) {
                return Optional.of(
                        "nothing has been expected at " + send.answers().get() + " that could be answered");
            }
            data = asked.message().data();
        }
        for (Map.Entry<String, String> field : send.data().entrySet()) {
            data = with(data, spec, field.getKey(), field.getValue());
        }
        Map<String, String> meta = new HashMap<>(send.meta());
        send.as().ifPresent(as -> meta.put(SESSION, as));
        Bytes raw = spec.isPresent() ? Bytes.wrap(spec.get().codec().encode(data)) : Bytes.EMPTY;
        if (spec.isPresent()
                && spec.get().codec().decode(raw.toArray(), 0, raw.length()) instanceof Codec.Decoded.Ok read) {
            data = read.data();
        }
        Mti.of(data).ifPresent(mti -> meta.put(Mti.META, mti.text()));
        rehearsal.send(send.gear(), send.port(), new Draft(0, meta, data, raw, spec));
        return Optional.empty();
    }

    private static FluxMap with(FluxMap data, Optional<Spec> spec, String field, String value) {
        String path = field.equals("mti") ? Mti.ELEMENT : field;
        return spec.map(s -> s.with(data, path, Value.of(value))).orElseGet(() -> data.with(path, Value.of(value)));
    }

    private Optional<String> expect(TestCases.Expect expect) {
        Optional<Left> found = unexpected.stream()
                .filter(left -> left.gear().equals(expect.gear()) && left.port().equals(expect.port()))
                .filter(left -> expect.as()
                        .map(as -> as.equals(left.message().meta().get(SESSION)))
                        .orElse(true))
                .findFirst();
        if (found.isEmpty()) {
            return Optional.of("nothing left by " + expect.gear() + "." + expect.port()
                    + expect.as().map(as -> " for " + as).orElse("") + others());
        }
        unexpected.remove(found.get());
        lastAt.put(expect.gear(), found.get());
        List<String> wrong = new ArrayList<>();
        new TreeMap<>(expect.data()).forEach((field, wanted) -> {
            Optional<String> is = text(found.get(), field);
            if (!is.equals(Optional.of(wanted))) {
                wrong.add(field + " is " + is.orElse("absent") + ", expected " + wanted);
            }
        });
        new TreeMap<>(expect.meta()).forEach((name, wanted) -> {
            String is = found.get().message().meta().get(name);
            if (!wanted.equals(is)) {
                wrong.add("meta " + name + " is " + is + ", expected " + wanted);
            }
        });
        expect.without().stream()
                .filter(field -> text(found.get(), field).isPresent())
                .forEach(field -> wrong.add(field + " is there and should not be"));
        return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", wrong));
    }

    private static Optional<String> text(Left left, String field) {
        return Fields.text(left.message().data(), left.spec(), field);
    }

    private String others() {
        return unexpected.isEmpty()
                ? "; nothing else left either"
                : "; what left: "
                        + String.join(
                                ", ", unexpected.stream().map(CaseRun::told).toList());
    }

    private static String told(Left left) {
        return left.gear() + "." + left.port()
                + text(left, "mti").map(m -> " mti " + m).orElse("")
                + text(left, "39").map(c -> " response " + c).orElse("");
    }
}
