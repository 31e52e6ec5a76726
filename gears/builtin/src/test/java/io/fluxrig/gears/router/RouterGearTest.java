package io.fluxrig.gears.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.testkit.GearContract;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterGearTest {
    private static final FluxMap CONFIG = FluxMap.of(
            "rules",
            Value.of(List.of(
                    rule("mti", "prefix", "08", "local"),
                    rule("2", "prefix", "99991", "alpha"),
                    rule("2", "equals", "9999200000000004", "beta"),
                    rule("2", "prefix", "9999", "rest"))));

    private final RouterType type = new RouterType();
    private final Counts counts = new Counts();

    private static FluxMap rule(String field, String how, String what, String to) {
        return FluxMap.builder()
                .put("field", field)
                .put(how, what)
                .put("to", to)
                .build();
    }

    private RouterSettings settings(FluxMap config) {
        return switch (SettingsSchema.of(RouterSettings.class).read(config)) {
            case SettingsSchema.Read.Good<RouterSettings> good -> good.settings();
            case SettingsSchema.Read.Bad<RouterSettings> bad -> throw new AssertionError(bad.problems());
        };
    }

    private Outcome route(String mti, String pan) {
        Gear gear = new RouterGear(settings(CONFIG).rules());
        return gear.handle(new Signal(message(mti, pan), "in", Optional.empty()), counts);
    }

    private static FluxMsg message(String mti, String pan) {
        FluxMap data = FluxMap.builder().put("0", mti).put("2", pan).build();
        return FluxMsg.builder().id(FluxId.of(1, 0, 1)).data(data).build();
    }

    private static String portOf(Outcome outcome) {
        return ((Outcome.Emitted) outcome.way()).emissions().get(0).port();
    }

    @Test
    void takesTheFirstRuleThatFits() {
        assertThat(portOf(route("0800", "9999100000000006"))).isEqualTo("local");
        assertThat(portOf(route("0200", "9999100000000006"))).isEqualTo("alpha");
        assertThat(portOf(route("0200", "9999200000000004"))).isEqualTo("beta");
        assertThat(portOf(route("0200", "9999200000000012"))).isEqualTo("rest");
        assertThat(counts.names).isEmpty();
    }

    @Test
    void sendsWhatNoRuleFitsOutUnrouted() {
        assertThat(portOf(route("0200", "4000000000000002"))).isEqualTo("unrouted");
        assertThat(counts.names).containsExactly("unrouted");
    }

    @Test
    void leavesTheMessageAsItIs() {
        FluxMsg msg = message("0200", "9999100000000006");
        Outcome outcome =
                new RouterGear(settings(CONFIG).rules()).handle(new Signal(msg, "in", Optional.empty()), counts);
        assertThat(((Outcome.Emitted) outcome.way()).emissions().get(0).msg()).isSameAs(msg);
    }

    @Test
    void declaresItsPortsOnce() {
        assertThat(type.ports(settings(CONFIG)).out()).containsExactly("local", "alpha", "beta", "rest", "unrouted");
    }

    @Test
    void findsRulesThatCannotWork() {
        FluxMap neither = FluxMap.builder().put("field", "2").put("to", "a").build();
        FluxMap both = FluxMap.builder()
                .put("field", "2")
                .put("prefix", "1")
                .put("equals", "1")
                .put("to", "a")
                .build();
        FluxMap config = FluxMap.of(
                "rules",
                Value.of(List.of(
                        neither, both, rule("2", "prefix", "1", "error"), rule("2", "prefix", "1", "No Port"))));
        assertThat(type.check(settings(config)))
                .extracting(SettingsSchema.Problem::path)
                .containsExactly("rules[0]", "rules[1]", "rules[2].to", "rules[3].to");
    }

    @Test
    void keepsTheContractOfAllGears() {
        GearContract.of(type)
                .settings(CONFIG)
                .signal("in", message("0800", "9999100000000006"))
                .signal("in", message("0200", "9999300000000002"))
                .check()
                .orThrow();
    }

    private static final class Counts implements GearContext {
        private final List<String> names = new ArrayList<>();

        @Override
        public long now() {
            return 1;
        }

        @Override
        public void startTimer(String name, Duration after) {
            throw new IllegalStateException("a router waits for nothing");
        }

        @Override
        public void cancelTimer(String name) {
            throw new IllegalStateException("a router waits for nothing");
        }

        @Override
        public void count(String counter) {
            names.add(counter);
        }

        @Override
        public void gauge(String name, long value) {
            throw new IllegalStateException("a router holds nothing");
        }
    }
}
