package io.fluxrig.gear.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Setting;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Each gear here forgets one thing; the contract must notice exactly that. */
class GearContractTest {
    private static final FluxMsg SAMPLE = FluxMsg.builder()
            .id(FluxId.of(3, 0, 1))
            .ts(9)
            .data(FluxMap.of("2", Value.of("9999100000000006")))
            .build();

    /** Settings of the gears under test; public so that every class loader may read them. */
    public record Sample(
            @Setting(value = "A wait", byDefault = "2s") Duration pause) {}

    /** Its default is no duration. */
    public record Broken(
            @Setting(value = "A wait", byDefault = "soon") Duration pause) {}

    /** Found through the service file of these tests. */
    public static final class Type implements SimpleGearType<Sample> {
        private final Gear gear;

        public Type() {
            this((signal, context) -> Outcome.emit("out", signal.msg()));
        }

        private Type(Gear gear) {
            this.gear = gear;
        }

        @Override
        public String name() {
            return "sample";
        }

        @Override
        public String summary() {
            return "A sample";
        }

        @Override
        public Class<Sample> settings() {
            return Sample.class;
        }

        @Override
        public Ports ports(Sample settings) {
            return new Ports(List.of("in"), List.of("out"));
        }

        @Override
        public Gear create(Sample settings, GearSetup setup) {
            return gear;
        }
    }

    private static List<String> findings(Gear gear) {
        return GearContract.of(new Type(gear)).signal("in", SAMPLE).check().findings();
    }

    @Test
    void isContentWithAGearThatKeepsIt() {
        GearContract.of(new Type()).signal("in", SAMPLE).check().orThrow();
    }

    @Test
    void noticesAnUndeclaredPort() {
        assertThat(findings((signal, context) -> Outcome.emit("elsewhere", signal.msg())))
                .anyMatch(f -> f.contains("'elsewhere'"));
    }

    @Test
    void noticesABirthOnAnUndeclaredPort() {
        Draft draft = new Draft(0, Map.of(), FluxMap.EMPTY, Bytes.EMPTY, Optional.empty());
        assertThat(findings((signal, context) -> Outcome.consumed().born("nowhere", draft)))
                .anyMatch(f -> f.contains("'nowhere'"));
    }

    @Test
    void noticesAChangedId() {
        Gear gear = (signal, context) -> Outcome.emit(
                "out", signal.msg().toBuilder().id(FluxId.of(4, 0, 1)).build());
        assertThat(findings(gear)).anyMatch(f -> f.contains("changes the id"));
    }

    @Test
    void noticesAChangedPathOrTime() {
        Gear gear = (signal, context) -> Outcome.emit(
                "out", signal.msg().withHop(1, "x", 2).toBuilder().ts(4).build());
        assertThat(findings(gear)).anyMatch(f -> f.contains("path")).anyMatch(f -> f.contains("creation time"));
    }

    @Test
    void noticesChanceAndState() {
        AtomicLong shared = new AtomicLong();
        Gear gear = (signal, context) -> Outcome.emit(
                "out",
                signal.msg().toBuilder()
                        .meta("n", "" + shared.incrementAndGet())
                        .build());
        assertThat(findings(gear)).anyMatch(f -> f.contains("two fresh gears"));
    }

    @Test
    void noticesTimersThatDiffer() {
        AtomicLong shared = new AtomicLong();
        Gear gear = (signal, context) -> {
            context.startTimer("t", Duration.ofMillis(shared.incrementAndGet()));
            return Outcome.consumed();
        };
        assertThat(findings(gear)).anyMatch(f -> f.contains("different timers"));
    }

    @Test
    void noticesAnExceptionAndAnEmptyMessageThatThrows() {
        assertThat(findings((signal, context) -> {
                    throw new IllegalStateException("no");
                }))
                .anyMatch(f -> f.contains("IllegalStateException"));
        Gear careless = (signal, context) -> Outcome.emit(
                "out",
                signal.msg().toBuilder()
                        .meta("pan", signal.msg().data().text("2").orElseThrow())
                        .build());
        assertThat(findings(careless)).singleElement().asString().contains("an empty message on 'in'");
    }

    @Test
    void noticesNullAndSent() {
        assertThat(findings((signal, context) -> null)).anyMatch(f -> f.contains("null"));
        assertThat(findings((signal, context) -> Outcome.sent())).anyMatch(f -> f.contains("'sent'"));
    }

    @Test
    void noticesAReasonThatRepeatsAField() {
        Gear gear = (signal, context) -> Outcome.fail(
                GearError.NO_ROUTE,
                "no route for " + signal.msg().data().text("2").orElse(""));
        assertThat(findings(gear)).anyMatch(f -> f.contains("repeats the field 2"));
    }

    @Test
    void noticesATimerThatEmits() {
        Gear gear = new Gear() {
            @Override
            public Outcome handle(io.fluxrig.gear.Signal signal, GearContext context) {
                context.startTimer("t", Duration.ofSeconds(1));
                return Outcome.consumed();
            }

            @Override
            public Outcome onTimer(String timer, GearContext context) {
                return Outcome.fail(GearError.NO_ANSWER, "nobody");
            }
        };
        assertThat(findings(gear)).anyMatch(f -> f.contains("a timer is answered with births alone"));
    }

    @Test
    void noticesADefaultThatCannotBeRead() {
        SimpleGearType<Broken> type = new SimpleGearType<>() {
            @Override
            public String name() {
                return "Broken Name";
            }

            @Override
            public String summary() {
                return "";
            }

            @Override
            public Class<Broken> settings() {
                return Broken.class;
            }

            @Override
            public Ports ports(Broken settings) {
                return new Ports(List.of("in", "in"), List.of("error"));
            }

            @Override
            public Gear create(Broken settings, GearSetup setup) {
                return (signal, context) -> Outcome.consumed();
            }
        };
        assertThat(GearContract.of(type).check().findings())
                .anyMatch(f -> f.contains("the default cannot be read"))
                .anyMatch(f -> f.contains("Broken Name"))
                .anyMatch(f -> f.contains("summary"))
                .anyMatch(f -> f.contains("META-INF/services"));
        assertThat(GearContract.of(type)
                        .settings(FluxMap.of("pause", Value.of("2s")))
                        .check()
                        .findings())
                .anyMatch(f -> f.contains("declared twice"))
                .anyMatch(f -> f.contains("'error'"));
    }

    @Test
    void tellsEverythingAtOnce() {
        Gear gear = (signal, context) -> Outcome.emit("elsewhere", signal.msg().withHop(1, "x", 2));
        GearContract.Report report =
                GearContract.of(new Type(gear)).signal("in", SAMPLE).check();
        assertThat(report.holds()).isFalse();
        assertThatThrownBy(report::orThrow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("elsewhere")
                .hasMessageContaining("path");
    }
}
