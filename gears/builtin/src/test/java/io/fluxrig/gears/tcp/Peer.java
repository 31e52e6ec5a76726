package io.fluxrig.gears.tcp;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** The other end of a connection, with blocking calls and a patience of ten seconds. */
final class Peer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    static Peer connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        return new Peer(socket);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void writeHex(String hex) throws IOException {
        write(HexFormat.of().parseHex(hex));
    }

    void writeFrame(byte[] frame) throws IOException {
        byte[] wire = new byte[frame.length + 2];
        wire[0] = (byte) (frame.length >> 8);
        wire[1] = (byte) frame.length;
        System.arraycopy(frame, 0, wire, 2, frame.length);
        write(wire);
    }

    byte[] readFrame() throws IOException {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        return frame;
    }

    void readFully(byte[] into) throws IOException {
        in.readFully(into);
    }

    void finish() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the other side ends the connection within the patience, by FIN or by RST. */
    boolean isHungUpOn() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
