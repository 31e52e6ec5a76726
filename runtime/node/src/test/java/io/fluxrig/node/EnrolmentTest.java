package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.node.Enrolment.Order;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who becomes a Rack of a site, without a secret that is the same everywhere. F25. */
class EnrolmentTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final SigningKey ROOT = SigningKey.generate(new SecureRandom());
    private static final Bytes KEY = key(1);
    private static final Bytes OTHER = key(2);

    private final Registry registry = new Registry();

    private static Bytes key(int seed) {
        byte[] key = new byte[32];
        key[0] = (byte) seed;
        return Bytes.wrap(key);
    }

    private Enrolment at(Instant when) {
        return new Enrolment(registry, "pay.example", List.of(ROOT.publicKey()), when);
    }

    private Enrolment.Decision ask(String name, Bytes key, String ticket) {
        Enrolment.Decision decision = at(NOW).decide(new Mixer.Enrol(name, key, ticket, null), false);
        switch (decision) {
            case Enrolment.Given given -> given.record().ifPresent(registry::apply);
            case Enrolment.Waits waits -> waits.record().ifPresent(registry::apply);
            case Enrolment.Refused refused -> {}
        }
        return decision;
    }

    private void order(String name, Order order) {
        at(NOW).order(new Mixer.Decide(name, order, "olga", "because", null)).ifPresent(registry::apply);
    }

    private static String ticket(String site, String name, SigningKey by) {
        byte[] nonce = new byte[Ticket.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return new Ticket(site, name, Bytes.wrap(nonce), NOW.getEpochSecond() + 60).sign(by);
    }

    private int machine(String name) {
        return registry.of(name).flatMap(Registry.Entry::grant).orElseThrow().machine();
    }

    @Test
    void aStrangerWaitsForAnOperatorAndKeepsWhatItIsGranted() {
        assertThat(ask("rack-b", KEY, "")).isInstanceOf(Enrolment.Waits.class);
        assertThat(registry.of("rack-b").orElseThrow().grant()).isEmpty();
        order("rack-b", Order.APPROVE);
        assertThat(ask("rack-b", KEY, ""))
                .isInstanceOfSatisfying(
                        Enrolment.Given.class,
                        given -> assertThat(given.record()).isEmpty());
        assertThat(ask("rack-b", OTHER, "")).isInstanceOf(Enrolment.Refused.class);
    }

    @Test
    void aRackWhoseKeyLiesOnTheMixersDiskNeedsNobody() {
        assertThat(at(NOW).decide(new Mixer.Enrol("rack-a", KEY, "", null), true))
                .isInstanceOf(Enrolment.Given.class);
    }

    @Test
    void aTicketIsGoodForOneRackOnce() {
        String ticket = ticket("pay.example", "rack-b", ROOT);
        assertThat(ask("rack-c", KEY, ticket)).as("another name").isInstanceOf(Enrolment.Waits.class);
        assertThat(ask("rack-b", KEY, ticket)).isInstanceOf(Enrolment.Given.class);
        assertThat(ask("rack-b", OTHER, ticket)).as("another key").isInstanceOf(Enrolment.Refused.class);
        assertThat(machine("rack-b")).isEqualTo(1);
    }

    /** Whoever asks first under a name keeps nobody else from it. */
    @Test
    void aTicketGoesBeforeAStrangerThatWaitsUnderItsName() {
        ask("rack-b", OTHER, "");
        assertThat(ask("rack-b", KEY, "")).isInstanceOf(Enrolment.Refused.class);
        assertThat(ask("rack-b", KEY, ticket("pay.example", "rack-b", ROOT))).isInstanceOf(Enrolment.Given.class);
        assertThat(ask("rack-b", OTHER, "")).isInstanceOf(Enrolment.Refused.class);
        assertThat(registry.of("rack-b").orElseThrow().key()).isEqualTo(KEY);
    }

    @Test
    void aTicketOfAnotherSiteOrKeyOrTimeIsWorthNothing() {
        for (String worthless : List.of(
                ticket("other.example", "rack-b", ROOT),
                ticket("pay.example", "rack-b", SigningKey.generate(new SecureRandom())),
                "nonsense",
                "!".repeat(100_000))) {
            assertThat(ask("rack-b", KEY, worthless))
                    .isInstanceOfSatisfying(
                            Enrolment.Waits.class,
                            waits -> assertThat(waits.why()).contains("FLX-"));
        }
        String late = ticket("pay.example", "rack-b", ROOT);
        assertThat(at(NOW.plusSeconds(60)).decide(new Mixer.Enrol("rack-b", KEY, late, null), false))
                .isInstanceOf(Enrolment.Waits.class);
    }

    @Test
    void aMachineIdIsNeverGivenTwice() {
        ask("rack-b", KEY, ticket("pay.example", "rack-b", ROOT));
        order("rack-b", Order.REMOVE);
        ask("rack-c", OTHER, ticket("pay.example", "rack-c", ROOT));
        assertThat(machine("rack-c")).isNotEqualTo(machine("rack-b"));
        assertThat(ask("rack-b", KEY, ticket("pay.example", "rack-b", ROOT))).isInstanceOf(Enrolment.Refused.class);
        assertThat(ask("rack-b", OTHER, "")).as("its name neither").isInstanceOf(Enrolment.Refused.class);
        assertThatThrownBy(() -> order("rack-b", Order.APPROVE))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("FLX-6089");
    }

    @Test
    void whoIsSuspendedWaitsUntilItIsApprovedAgain() {
        ask("rack-b", KEY, ticket("pay.example", "rack-b", ROOT));
        int machine = machine("rack-b");
        order("rack-b", Order.SUSPEND);
        assertThat(Enrolment.stopped(registry, "rack-b")).get().asString().contains("suspended by olga", "because");
        assertThat(ask("rack-b", KEY, "")).isInstanceOf(Enrolment.Waits.class);
        order("rack-b", Order.APPROVE);
        assertThat(ask("rack-b", KEY, "")).isInstanceOf(Enrolment.Given.class);
        assertThat(machine("rack-b")).isEqualTo(machine);
        assertThat(Enrolment.stopped(registry, "rack-b")).isEqualTo(Optional.empty());
    }

    @Test
    void whoOnlyWaitsIsForgottenWhenItIsRemoved() {
        ask("rack-b", KEY, "");
        order("rack-b", Order.REMOVE);
        assertThat(registry.of("rack-b")).isEmpty();
        assertThatThrownBy(() -> order("rack-b", Order.SUSPEND)).hasMessageContaining("has ever asked");
    }

    @Test
    void askingDoesNotFillTheJournal() {
        for (int i = 0; i < Enrolment.MOST_PENDING; i++) {
            assertThat(ask("rack-" + i, KEY, "")).isInstanceOf(Enrolment.Waits.class);
        }
        assertThat(ask("one-more", KEY, "")).isInstanceOf(Enrolment.Refused.class);
        assertThat(registry.all()).hasSize(Enrolment.MOST_PENDING);
    }
}
