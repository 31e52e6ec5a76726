package io.fluxrig.certs;

import static io.fluxrig.certs.TlsNodes.DAY;
import static io.fluxrig.certs.TlsNodes.PATIENCE;
import static io.fluxrig.certs.TlsNodes.allReachable;
import static io.fluxrig.certs.TlsNodes.awaitUp;
import static io.fluxrig.certs.TlsNodes.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.event.Logging;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes to the port of a real node from peers that were made for it, with a certificate and without. */
class HostilePeerTest {
    /** How a connection between nodes begins. */
    private static final byte[] CONTROL_STREAM = {'A', 'K', 'K', 'A', 1};
    /** A record of a handshake with the first bytes of a ClientHello of 508, and nothing more. */
    private static final byte[] HALF_A_HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    /** What a certificate may say in a second for each of its names in these tests; it takes a fraction of that to belong to the cluster. */
    private static final int MOST_FRAMES = 1_000;

    private static final Duration TURN = Duration.ofMillis(100);

    @TempDir
    private Path folder;

    private TlsNodes nodes;
    private ActorSystem node;

    @BeforeEach
    void begin() throws IOException {
        nodes = new TlsNodes(folder);
        node = nodes.first(nodes.issue("a", DAY), "fluxrig.tls.peer.frames-per-second = " + MOST_FRAMES);
    }

    @AfterEach
    void end() {
        nodes.end();
    }

    /** A29: magic and stream number, then the announcement of 2 GiB, and data for as long as somebody takes it. */
    @Test
    void aFrameOfTwoGibibytesFromAPlainPeerCostsNothing() throws Exception {
        long before = used();
        int refused = 0;
        for (int attempt = 0; attempt < 20; attempt++) {
            refused += refusesPlainFrame() ? 1 : 0;
        }
        assertThat(refused).isEqualTo(20);
        assertThat(used() - before).isLessThan(64L << 20);
        assertThat(up(node)).isEqualTo(1);
    }

    private boolean refusesPlainFrame() throws Exception {
        byte[] junk = new byte[1 << 16];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nodes.seed)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(CONTROL_STREAM);
            socket.getOutputStream().write(announced(Integer.MAX_VALUE));
            for (int sent = 0; sent < 1024; sent++) {
                socket.getOutputStream().write(junk);
            }
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void handshakesLeftHalfOpenKeepNobodyOut() throws Exception {
        long before = used();
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), nodes.seed);
                open.add(socket);
                socket.getOutputStream().write(HALF_A_HELLO);
            }
            ActorSystem b = nodes.next(nodes.issue("b", DAY));
            awaitUp(2, node, b);
            // Longer than a member may be silent.
            Awaitility.await().atMost(PATIENCE).during(Duration.ofSeconds(8)).until(() -> allReachable(node, b));
            assertThat(used() - before).isLessThan(128L << 20);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void whoShowsNoCertificateIsHungUpOn() throws Exception {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Files.copy(nodes.authority.bundle(), bare.resolve("ca.crt"));
        // In TLS 1.3 its own half of the handshake is done before the other end has looked.
        try (SSLSocket socket = peer(bare)) {
            sendUntilClosed(socket, new byte[] {0});
        }
        assertThat(TlsNodes.listed(node)).hasSize(1);
    }

    @Test
    void aConnectionIsClosedWhenItsCertificateEndsAlsoWhileItsPeerSpeaks() throws Exception {
        Duration life = Duration.ofSeconds(6);
        long start = System.nanoTime();
        try (SSLSocket socket = peer(nodes.issue("brief", life))) {
            socket.getOutputStream().write(CONTROL_STREAM);
            socket.getOutputStream().write(announced(1 << 20));
            sendUntilClosed(socket, new byte[] {0});
        }
        // The end of a certificate stands in it in whole seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(life.minusSeconds(1), life.plusSeconds(10));
        assertThat(up(node)).isEqualTo(1);
    }

    /** A28. Pekko would gather the first, and go round in circles over the second. */
    @Test
    void aFrameOfNoSensibleLengthEndsTheConnectionOfAPeerWithACertificate() throws Exception {
        Path tls = nodes.issue("b", DAY);
        // More often than streams of a system may fail before it stops.
        for (int attempt = 0; attempt < 10; attempt++) {
            for (int length : new int[] {Integer.MAX_VALUE, -4, 5 << 20}) {
                try (SSLSocket socket = peer(tls)) {
                    socket.getOutputStream().write(CONTROL_STREAM);
                    socket.getOutputStream().write(announced(length));
                    sendUntilClosed(socket, new byte[1 << 14]);
                }
            }
        }
        awaitUp(2, node, nodes.next(tls));
    }

    /** A28. It offers five times as much as its two names may say, so it is hung up on again and again. */
    @Test
    void aMemberThatFloodsIsHeardAtTheRateThatOneMaySpeakAtAndTheOthersAreHeardBesideIt() {
        ActorSystem flooding = nodes.next(named("b"));
        ActorSystem another = nodes.next(named("c"));
        awaitUp(3, node, flooding, another);
        TestKit there = new TestKit(node);
        ActorRef fromFlooding = remote(flooding, there.getRef());
        ActorRef fromAnother = remote(another, there.getRef());
        int floods = 0;
        int others = 0;
        long start = System.nanoTime();
        for (int turn = 1; turn <= 30; turn++) {
            for (int i = 0; i < MOST_FRAMES; i++) {
                fromFlooding.tell("flood", ActorRef.noSender());
            }
            fromAnother.tell("other", ActorRef.noSender());
            for (long end = start + turn * TURN.toNanos(); System.nanoTime() < end; ) {
                Object said = there.receiveOne(Duration.ofMillis(5));
                floods += "flood".equals(said) ? 1 : 0;
                others += "other".equals(said) ? 1 : 0;
            }
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
        assertThat(floods).isBetween(1, (int) (2 * MOST_FRAMES * (seconds + 2)));
        assertThat(others).isGreaterThan(25);
        assertThat(allReachable(another)).isTrue();
        Cancellable calm = flooding.scheduler()
                .scheduleAtFixedRate(TURN, TURN, fromFlooding, "calm", flooding.dispatcher(), ActorRef.noSender());
        there.fishForMessage(PATIENCE, "it is heard again when it floods no more", "calm"::equals);
        calm.cancel();
    }

    private Path named(String name) {
        Path out = folder.resolve(name);
        nodes.authority.issue(
                new SiteAuthority.Request(name, Set.of("rack"), List.of("127.0.0.1", name + ".pay.example"), DAY), out);
        return out;
    }

    private ActorRef remote(ActorSystem from, ActorRef to) {
        String path =
                to.path().toStringWithAddress(Cluster.get(node).selfMember().address());
        return ((ExtendedActorSystem) from).provider().resolveActorRef(path);
    }

    private static byte[] announced(int length) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array();
    }

    /** A peer that is none of Pekko's: it has shaken hands, and may say what it likes. */
    private SSLSocket peer(Path tls) throws IOException {
        SSLSocket socket = (SSLSocket)
                TlsFiles.asking(tls).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), nodes.seed);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    /** The same again and again, until the other end has hung up. */
    private static void sendUntilClosed(SSLSocket socket, byte[] same) throws IOException {
        socket.setSoTimeout(20);
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            try {
                socket.getOutputStream().write(same);
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException nothingSaid) {
                // Nodes say nothing on a connection that they were dialled on.
            } catch (IOException closed) {
                return;
            }
        }
        throw new AssertionError("still open");
    }

    /** A26. Made from its bytes, it would tell. */
    private static final class Trap implements Serializable {
        private static final long serialVersionUID = 1;
        private static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private void readObject(ObjectInputStream in) {
            SPRUNG.set(true);
        }
    }

    /** Gives Java's bytes out for a message of ours. */
    static final class Smuggler extends SerializerWithStringManifest {
        @Override
        public int identifier() {
            return 8583002;
        }

        @Override
        public String manifest(Object message) {
            return "java.util.HashMap";
        }

        @Override
        public byte[] toBinary(Object message) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) {
            throw new UnsupportedOperationException("it only sends");
        }
    }

    @Test
    void aJavaObjectFromAMemberIsDroppedAndLoggedAndNeverMade() {
        ActorSystem b = nodes.next(nodes.issue("b", DAY), """
                pekko.actor {
                  allow-java-serialization = on
                  serializers.fluxrig-control = "io.fluxrig.certs.HostilePeerTest$Smuggler"
                  serialization-bindings { "java.util.LinkedHashMap" = fluxrig-control }
                }
                """);
        awaitUp(2, node, b);
        TestKit there = new TestKit(node);
        ActorRef ref = remote(b, there.getRef());
        Map<String, TestKit> logs = new LinkedHashMap<>();
        // As Java's own, as a message of ours, and within the envelope of a selection.
        for (String serializer : List.of("id [1]", "id [8583002]", "id [6]")) {
            logs.put(serializer, TlsNodes.log(node, Logging.Error.class));
        }
        ref.tell(new HashMap<>(Map.of("k", new Trap())), ActorRef.noSender());
        ref.tell(new LinkedHashMap<>(Map.of("k", new Trap())), ActorRef.noSender());
        b.actorSelection(ref.path()).tell(new HashMap<>(Map.of("k", new Trap())), ActorRef.noSender());
        ref.tell("what comes after", ActorRef.noSender());
        logs.forEach((serializer, log) -> TlsNodes.awaitLogged(log, serializer));
        there.expectMsg(PATIENCE, "what comes after");
        assertThat(Trap.SPRUNG).isFalse();
        assertThat(up(node)).isEqualTo(2);
    }

    /** A26. */
    @Test
    void javaSerializationIsOffInBothDirections() {
        var serialization = SerializationExtension.get(node);
        assertThatThrownBy(() ->
                        serialization.serialize(new HashMap<>(Map.of("k", "v"))).get())
                .hasMessageContaining("serialization");
        byte[] stream = {(byte) 0xac, (byte) 0xed, 0, 5, 0x70};
        assertThatThrownBy(() -> serialization
                        .deserialize(stream, 1, "java.util.HashMap")
                        .get())
                .isInstanceOf(Exception.class);
    }
}
