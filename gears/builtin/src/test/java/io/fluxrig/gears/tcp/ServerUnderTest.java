package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;

/** A tcp-server gear with a door of its own. */
final class ServerUnderTest implements AutoCloseable {
    private final ActorTestKit kit;
    final Door door = new Door();
    final int port;
    final Setup setup;
    final ActorRef<GearCommand> gear;

    ServerUnderTest(ActorTestKit kit, Object... settings) throws IOException {
        this(kit, Map.of(), settings);
    }

    ServerUnderTest(ActorTestKit kit, Map<String, Spec> specs, Object... settings) throws IOException {
        this.kit = kit;
        this.port = freePort();
        this.setup = new Setup("server", specs, new LinkedBlockingQueue<>());
        this.gear = kit.spawn(new TcpServerType().create(Settings.server(port, settings), setup, door));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Peer connect() throws IOException {
        return Peer.connect(port);
    }

    /** Hands the gear a reply for this session. */
    Outcome deliver(String session, byte[] raw) throws Exception {
        FluxMsg msg = FluxMsg.builder()
                .id(FluxId.of(5, 0, 1))
                .srcId(1)
                .ts(1)
                .meta(Session.META, session)
                .raw(Bytes.wrap(raw))
                .build();
        return deliver(msg).get(10, TimeUnit.SECONDS);
    }

    CompletableFuture<Outcome> deliver(FluxMsg msg) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        gear.tell(new GearCommand.Deliver(new Signal(msg, "in", Optional.empty()), outcome::complete));
        return outcome;
    }

    @Override
    public void close() {
        kit.stop(gear);
    }
}
