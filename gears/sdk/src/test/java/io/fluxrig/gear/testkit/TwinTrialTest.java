package io.fluxrig.gear.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Setting;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** A gear that listens, right and wrong. */
class TwinTrialTest {
    /** Where it listens; public so that every class loader may read it. */
    public record Door(@Setting("The port") int port) {}

    private enum How {
        HANDED_OVER,
        BOUND_BY_ITSELF,
        BOUND_LATER,
        NOT_NAMED
    }

    private record Listens(How how) implements ActorGearType<Door> {
        @Override
        public String name() {
            return "listens";
        }

        @Override
        public String summary() {
            return "Listens";
        }

        @Override
        public Class<Door> settings() {
            return Door.class;
        }

        @Override
        public Ports ports(Door settings) {
            return new Ports(List.of(), List.of("out"));
        }

        @Override
        public boolean reachesOutside() {
            return true;
        }

        @Override
        public Set<String> exclusive(Door settings) {
            return how == How.HANDED_OVER ? Set.of("tcp:" + settings.port()) : Set.of();
        }

        @Override
        public Behavior<GearCommand> create(Door settings, GearSetup setup, Intake intake) {
            if (how == How.BOUND_LATER) {
                return Behaviors.setup(context -> listening(bind(settings.port()), setup));
            }
            ServerSocketChannel port = how == How.BOUND_BY_ITSELF
                    ? bind(settings.port())
                    : setup.exclusive("tcp:" + settings.port(), ServerSocketChannel.class, () -> bind(settings.port()));
            return listening(port, setup);
        }

        private static Behavior<GearCommand> listening(ServerSocketChannel port, GearSetup setup) {
            setup.ready(true);
            return Behaviors.receive(GearCommand.class)
                    .onSignal(PostStop.class, stopped -> {
                        port.close();
                        return Behaviors.same();
                    })
                    .build();
        }

        private static ServerSocketChannel bind(int port) {
            try {
                return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException taken) {
                throw new UncheckedIOException(taken);
            }
        }
    }

    private static List<String> findings(How how) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        return GearContract.of(new Listens(how))
                .settings(FluxMap.of("port", Value.of(port)))
                .check()
                .findings()
                .stream()
                .filter(finding -> !finding.contains("META-INF/services"))
                .toList();
    }

    @Test
    void isContentWithAPortThatIsHandedOver() throws IOException {
        assertThat(findings(How.HANDED_OVER)).isEmpty();
    }

    @Test
    void noticesAPortThatIsBoundWithoutAsking() throws IOException {
        assertThat(findings(How.BOUND_BY_ITSELF))
                .singleElement()
                .asString()
                .contains("a second one", "UncheckedIOException", "GearSetup.exclusive");
    }

    @Test
    void noticesAPortThatIsBoundOnceTheActorRuns() throws IOException {
        assertThat(findings(How.BOUND_LATER)).singleElement().asString().contains("its actor stopped");
    }

    @Test
    void noticesAPortThatTheTypeDoesNotName() throws IOException {
        assertThat(findings(How.NOT_NAMED)).singleElement().asString().contains("it names [] as exclusive");
    }
}
