package io.fluxrig.node;

import io.fluxrig.scenario.Authority;
import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.SerialRule;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which scenarios and policies a Rack lets in: by the keys that are pinned, the policy in force, what the Rack remembers of earlier ones, and the time. A scenario that is refused is in the vault with its hash.
 */
final class Admission {
    private static final Duration MAX_AHEAD = Duration.ofDays(1);

    private final RackSettings settings;
    private final RackBoard board;
    private final ControlLeaves control;
    private ScenarioSupervisor.Memory memory;
    private Optional<Policy.Verified> policy = Optional.empty();

    Admission(RackSettings settings, RackBoard board, ControlLeaves control) {
        this.settings = settings;
        this.board = board;
        this.control = control;
    }

    /** @throws FluxException where the policy that is remembered does not hold */
    void remembered(ScenarioSupervisor.Memory now) {
        boolean first = memory == null;
        memory = now;
        if (first) {
            // Later ones were in force before they were remembered.
            inForce(now.policy()
                    .map(p -> policyOf(Bytes.wrap(settings.data().blobs().get(p.file())))));
        }
    }

    ScenarioSupervisor.Memory memory() {
        return memory;
    }

    /** @throws FluxException what is wrong with it; recorded */
    VerifiedScenario scenario(Bytes file) {
        try {
            VerifiedScenario verified = VerifiedScenario.verify(
                    file.toArray(),
                    new Authority(
                            settings.trust(),
                            policy,
                            Optional.of(new Authority.Rack(settings.name(), settings.labels()))),
                    settings.data().site(),
                    noEarlierThanSeen());
            Scenario scenario = verified.scenario();
            Optional<ScenarioSupervisor.Serial> known =
                    Optional.ofNullable(memory.serials().get(scenario.name()));
            SerialRule.check(
                    scenario.name(),
                    known.map(ScenarioSupervisor.Serial::serial),
                    known.map(ScenarioSupervisor.Serial::identity),
                    scenario.serial(),
                    verified.identity());
            return verified;
        } catch (FluxException refused) {
            control.refused(SignedArtifact.nameOf(file.toArray(), Scenario.CONTENT_TYPE), refused);
            throw refused;
        }
    }

    /** The same, when everything that it needs is here too and is what was signed. */
    VerifiedScenario prepared(Bytes file) {
        VerifiedScenario verified = scenario(file);
        try {
            verified.prepare(settings.data().blobs(), settings.types(), settings.jars());
            return verified;
        } catch (FluxException refused) {
            control.refused(verified.identity(), refused);
            throw refused;
        }
    }

    /** What ran last runs again, whatever has happened to keys and clocks since. */
    VerifiedScenario again(ScenarioSupervisor.Last last) {
        return VerifiedScenario.again(
                settings.data().blobs().get(last.file()),
                last.identity(),
                settings.data().site());
    }

    /**
     * Puts a policy in force.
     *
     * @return whether it is another than the one that was
     * @throws FluxException where it may not follow that one
     */
    boolean govern(Policy.Verified next) {
        if (!Policy.mayFollow(policy, next, noEarlierThanSeen())) {
            return false;
        }
        inForce(Optional.of(next));
        return true;
    }

    /** @throws FluxException where no root key of ours has signed it for this site */
    Policy.Verified policyOf(Bytes file) {
        return Policy.verify(
                file.toArray(), settings.trust().root(), settings.data().site());
    }

    private void inForce(Optional<Policy.Verified> now) {
        policy = now;
        board.policyEnds(now.flatMap(p -> p.policy().expires()));
    }

    /** The clock, but never before a time that somebody trusted has signed: a clock that was set back makes nothing valid again. */
    private Instant noEarlierThanSeen() {
        Instant clock = settings.clock().instant();
        Instant seen = Instant.ofEpochSecond(memory.seen());
        return clock.isAfter(seen) ? clock : seen;
    }

    /** A signed time too far ahead is not remembered: it would make everything else seem late. */
    long believable(long issued) {
        return issued - settings.clock().instant().getEpochSecond() > MAX_AHEAD.toSeconds() ? 0 : issued;
    }
}
