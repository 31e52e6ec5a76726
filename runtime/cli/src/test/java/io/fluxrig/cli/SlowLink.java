package io.fluxrig.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A TCP proxy through which everything takes a while, in both directions; with no delay, a way to a port that listens on loopback only. */
final class SlowLink implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 1_000;

    private record Chunk(long due, byte[] bytes) {}

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final long delayNanos;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    SlowLink(String listen, String host, int port, Duration delay) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getByName(listen));
        target = new InetSocketAddress(host, port);
        delayNanos = delay.toNanos();
        Thread.ofVirtual().name("slow-link").start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                open.add(from);
                Thread.ofVirtual().start(() -> link(from));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void link(Socket from) {
        Socket to = new Socket();
        open.add(to);
        try {
            to.connect(target, 10_000);
            Thread.ofVirtual().start(() -> carry(to, from));
            carry(from, to);
        } catch (IOException away) {
            shut(from, to);
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MOST_UNDER_WAY);
        Thread.ofVirtual().start(() -> deliver(underWay, from, to));
        byte[] buffer = new byte[16_384];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                underWay.put(new Chunk(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
            }
            underWay.put(new Chunk(System.nanoTime() + delayNanos, new byte[0]));
        } catch (IOException | InterruptedException broken) {
            shut(from, to);
        }
    }

    private void deliver(BlockingQueue<Chunk> underWay, Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = underWay.take(); chunk.bytes().length > 0; chunk = underWay.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
                out.write(chunk.bytes());
            }
        } catch (IOException | InterruptedException broken) {
            // The end of either is the end of both.
        }
        shut(from, to);
    }

    private void shut(Socket... sockets) {
        for (Socket socket : sockets) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException gone) {
                // Closing is all that was wanted.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        shut(open.toArray(Socket[]::new));
    }
}
