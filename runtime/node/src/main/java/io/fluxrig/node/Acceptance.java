package io.fluxrig.node;

import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * How a scenario or a policy becomes one that this Rack remembers: let in, on the shelf, in the journal of scenarios. Nothing runs before that. One scenario at a time; belongs to the Rack's actor.
 */
final class Acceptance {
    /**
     * A scenario that is remembered and may run.
     *
     * @param told hears what becomes of it
     */
    record Accepted(Swap.Bringing what, Consumer<Report> told) {}

    private final RackSettings settings;
    private final RackIdentity identity;
    private final Admission admission;
    private final ControlLeaves control;
    private final ActorRef<ScenarioSupervisor.Command> scenarios;
    private final ActorRef<ScenarioSupervisor.Memory> replyTo;
    /** What is being remembered; null for nothing. */
    private Accepted underWay;
    /** How often the journal was asked to remember something and has not said yet that it does. */
    private int unsettled;

    private Acceptance(
            RackSettings settings,
            RackIdentity identity,
            Admission admission,
            ControlLeaves control,
            ActorRef<ScenarioSupervisor.Command> scenarios,
            ActorRef<ScenarioSupervisor.Memory> replyTo) {
        this.settings = settings;
        this.identity = identity;
        this.admission = admission;
        this.control = control;
        this.scenarios = scenarios;
        this.replyTo = replyTo;
    }

    /**
     * Opens the journal of scenarios, a child that the Rack watches.
     *
     * @param replyTo told what is remembered: at first, and after each change
     */
    static Acceptance open(
            ActorContext<?> context,
            RackSettings settings,
            RackIdentity identity,
            Vault.Journal journal,
            RackBoard board,
            ControlLeaves control,
            ActorRef<ScenarioSupervisor.Memory> replyTo) {
        ActorRef<ScenarioSupervisor.Command> scenarios = context.spawn(
                ScenarioSupervisor.create(journal, settings.data().rackWal(settings.name()), replyTo), "scenarios");
        context.watch(scenarios);
        Admission admission = new Admission(settings, board, control);
        return new Acceptance(settings, identity, admission, control, scenarios, replyTo);
    }

    /** The scenario, if any, that may run now that this is remembered. */
    Optional<Accepted> remembered(ScenarioSupervisor.Memory now) {
        admission.remembered(now);
        unsettled = Math.max(0, unsettled - 1);
        Optional<Accepted> done = Optional.ofNullable(underWay);
        underWay = null;
        return done;
    }

    /** What is being remembered will not run, which is recorded, and who wanted it is told why. */
    void giveUp(FluxException why) {
        if (underWay != null) {
            control.refused(underWay.what().scenario().identity(), why);
            underWay.told().accept(new Report.Refused(why));
            underWay = null;
        }
    }

    /** Whether a scenario is being remembered. */
    boolean isUnderWay() {
        return underWay != null;
    }

    /** Whether everything is remembered that was to be: what a policy resets counts only then. */
    boolean isSettled() {
        return unsettled == 0;
    }

    /** @throws FluxException what keeps this from running here; recorded */
    VerifiedScenario check(Bytes file) {
        return admission.prepared(file);
    }

    /** What a node was started with. */
    void first(Bytes file) {
        accept(admission.scenario(file), file, Optional.empty(), report -> {});
    }

    /** What is to run in the place of what runs; only when {@link #isSettled}. */
    void change(Bytes file, Optional<Duration> trial, Consumer<Report> told) {
        VerifiedScenario verified = admission.scenario(file);
        SwapStep.VERIFIED.reached();
        accept(verified, file, trial, told);
    }

    private void accept(VerifiedScenario verified, Bytes file, Optional<Duration> trial, Consumer<Report> told) {
        verified.scenario().specs().values().forEach(pin -> settings.shelf().share(pin.sha256()));
        Bytes shelved = settings.shelf().put(file.toArray());
        remember(new Accepted(bringing(verified, shelved, trial), told), false);
    }

    /** What ran last runs again, whatever has happened to keys and clocks since. */
    void again(ScenarioSupervisor.Last last) {
        Swap.Bringing what = bringing(admission.again(last), last.file(), Optional.empty());
        remember(new Accepted(what, report -> {}), true);
    }

    private Swap.Bringing bringing(VerifiedScenario verified, Bytes file, Optional<Duration> trial) {
        String name = verified.scenario().name();
        return new Swap.Bringing(
                verified, file, gear -> identity.gear(admission.memory().gear(name, gear)), trial);
    }

    private void remember(Accepted next, boolean again) {
        underWay = next;
        unsettled++;
        VerifiedScenario verified = next.what().scenario();
        Scenario scenario = verified.scenario();
        List<String> gears =
                scenario.gears().stream().map(Scenario.GearDef::name).toList();
        scenarios.tell(new ScenarioSupervisor.Accept(
                scenario.name(),
                scenario.serial(),
                admission.believable(scenario.issued()),
                verified.identity(),
                next.what().file(),
                gears,
                again,
                replyTo));
    }

    /**
     * Puts a policy in force.
     *
     * @throws FluxException where it is none of ours, or may not follow the one in force; recorded
     */
    Policy.Verified govern(Bytes file) {
        try {
            Policy.Verified next = admission.policyOf(file);
            if (admission.govern(next)) {
                control.activated(next.identity(), "policy " + next.policy().version(), Map.of());
                unsettled++;
                scenarios.tell(new ScenarioSupervisor.InForce(
                        next.identity(),
                        settings.shelf().put(file.toArray()),
                        admission.believable(next.policy().issued()),
                        next.policy().resets(),
                        replyTo));
            }
            return next;
        } catch (FluxException refused) {
            control.refused(SignedArtifact.nameOf(file.toArray(), Policy.CONTENT_TYPE), refused);
            throw refused;
        }
    }

    /** Sequences of the scenario's gears by name. */
    Map<String, Long> gearsOf(Scenario scenario) {
        return admission.memory().gearsOf(scenario);
    }

    /** A restart brings this back from now on; {@code then} runs once that is durable. */
    void stays(Swap.Bringing what, Runnable then) {
        scenarios.tell(new ScenarioSupervisor.Activated(what.scenario().identity(), what.file(), then));
    }
}
