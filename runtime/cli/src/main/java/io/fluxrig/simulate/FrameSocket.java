package io.fluxrig.simulate;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A blocking socket with frames behind a 2-byte big-endian, exclusive length. One reader, any number of writers. */
final class FrameSocket implements Closeable {
    private static final int CONNECT_MILLIS = 2000;
    private static final int MAX_FRAME = 8192;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    FrameSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** @param silence after which {@link #read} throws a SocketTimeoutException */
    static FrameSocket connect(String host, int port, Duration silence) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout((int) silence.toMillis());
            return new FrameSocket(socket);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** The next frame that has content; waits for it. */
    byte[] read() throws IOException {
        int length = in.readUnsignedShort();
        while (length == 0) {
            length = in.readUnsignedShort();
        }
        if (length > MAX_FRAME) {
            throw new EOFException("a frame of " + length + " bytes");
        }
        byte[] frame = new byte[length];
        in.readFully(frame);
        return frame;
    }

    void write(byte[] frame) throws IOException {
        byte[] wire = new byte[2 + frame.length];
        wire[0] = (byte) (frame.length >>> 8);
        wire[1] = (byte) frame.length;
        System.arraycopy(frame, 0, wire, 2, frame.length);
        synchronized (out) {
            out.write(wire);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
