package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.node.Enrolment.Order;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Roster;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To whom a Rack listens, and to whom no more. A28: being a member of the cluster gives nobody the Mixer's voice. */
class AllegianceTest {
    @TempDir
    Path folder;

    private DataDir data;
    private Trust trust;
    private SigningKey root;

    @BeforeEach
    void makeASite() {
        data = DataDir.openOrCreate(folder, Optional.of("pay.example"));
        trust = Trust.load(data.trustDir());
        root = SigningKey.readPem(data.rootKeyFile());
    }

    private Allegiance restarted() {
        return Allegiance.of(data, "rack-a", trust);
    }

    private Bytes roster(long epoch, long number, Integer... stopped) {
        return Bytes.wrap(new Roster("pay.example", epoch, number, List.of(stopped)).sign(root));
    }

    private static Passport rack(int machine) {
        return new Passport(
                "pay.example", "rack-b", machine, List.of(machine), Bytes.wrap(new byte[32]), 1, 1, Map.of());
    }

    @Test
    void aMixerOfAnEarlierEpochIsNotHeardAlsoAfterARestart() {
        restarted().heed(roster(3, 5));
        Allegiance mixers = restarted();
        assertThatThrownBy(() -> mixers.heed(roster(2, 9)))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("epoch 3 has begun");
        mixers.heed(roster(4, 6));
        assertThatThrownBy(() -> mixers.heed(roster(3, 5))).isInstanceOf(FluxException.class);
    }

    @Test
    void whoCannotSignForTheSiteCannotFenceItsMixerOut() {
        Allegiance mixers = restarted();
        mixers.heed(roster(3, 5));
        Bytes own = roster(3, 5);
        SigningKey stranger = SigningKey.generate(new SecureRandom());
        for (Bytes forged : List.of(
                Bytes.wrap(new Roster("pay.example", 1_000_000, 1, List.of()).sign(stranger)),
                Bytes.wrap(new Roster("other.example", 1_000_000, 1, List.of()).sign(root)),
                Bytes.ofHex("00"),
                Bytes.EMPTY)) {
            assertThatThrownBy(() -> mixers.heed(forged)).isInstanceOf(FluxException.class);
        }
        mixers.heed(own);
    }

    @Test
    void anOldRosterOfTheSameMixerBringsNoStoppedRackBack() {
        restarted().heed(roster(1, 2, 7));
        Allegiance mixers = restarted();
        mixers.heed(roster(1, 1));
        assertThat(mixers.isStopped(rack(7))).isTrue();
        assertThat(mixers.isStopped(rack(8))).isFalse();
        mixers.heed(roster(1, 3));
        assertThat(mixers.isStopped(rack(7))).isFalse();
    }

    @Test
    void everyDecisionOfAnOperatorMakesARosterThatHolds() {
        Registry registry = new Registry();
        registry.apply(registry.begin(root, SigningKey.generate(new SecureRandom())));
        Enrolment enrolment = new Enrolment(registry, "pay.example", List.of(root.publicKey()), Instant.now());
        for (String name : List.of("rack-a", "rack-b")) {
            Enrolment.Given given = (Enrolment.Given)
                    enrolment.decide(new Mixer.Enrol(name, root.publicKey().raw(), "", null), true);
            registry.apply(given.record().orElseThrow());
        }
        Roster before = registry.roster("pay.example");
        assertThat(before.stopped()).isEmpty();
        for (Order order : List.of(Order.SUSPEND, Order.APPROVE, Order.REMOVE)) {
            enrolment.order(new Mixer.Decide("rack-b", order, "olga", "", null)).ifPresent(registry::apply);
            Roster now = registry.roster("pay.example");
            assertThat(now.isAfter(before)).isTrue();
            assertThat(now.stopped()).isEqualTo(order == Order.APPROVE ? List.of() : List.of(2));
            before = now;
        }
    }
}
