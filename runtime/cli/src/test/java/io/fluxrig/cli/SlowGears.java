package io.fluxrig.cli;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.SimpleGearType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Gears that take their time, so that a test meets a signal where it wants to. */
public final class SlowGears {
    private SlowGears() {}

    public record Settings() {}

    /** Holds what comes until it is told to go on. */
    public static final class Gate implements SimpleGearType<Settings> {
        static volatile CountDownLatch open = new CountDownLatch(0);

        @Override
        public String name() {
            return "gate";
        }

        @Override
        public String summary() {
            return "Holds signals until a test lets them pass";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Ports ports(Settings settings) {
            return new Ports(List.of("in"), List.of("out"));
        }

        @Override
        public Gear create(Settings settings, GearSetup setup) {
            return (signal, context) -> {
                try {
                    open.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return Outcome.emit("out", signal.msg());
            };
        }
    }

    /** Needs a moment after its start until it can send, as a link to a peer does. */
    public static final class Link implements ActorGearType<Settings> {
        private enum Up implements GearCommand.Private {
            INSTANCE
        }

        @Override
        public String name() {
            return "slow-link";
        }

        @Override
        public String summary() {
            return "Sends nowhere, once it is up";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Ports ports(Settings settings) {
            return new Ports(List.of("in"), List.of());
        }

        @Override
        public boolean reachesOutside() {
            return true;
        }

        @Override
        public Behavior<GearCommand> create(Settings settings, GearSetup setup, Intake intake) {
            return Behaviors.withTimers(timers -> {
                timers.startSingleTimer(Up.INSTANCE, Duration.ofMillis(500));
                return Behaviors.receive(GearCommand.class)
                        .onMessage(Up.class, up -> {
                            setup.ready(true);
                            return Behaviors.same();
                        })
                        .onMessage(GearCommand.Deliver.class, deliver -> {
                            deliver.delivery().answer(Outcome.sent());
                            return Behaviors.same();
                        })
                        .build();
            });
        }
    }
}
