package io.fluxrig.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fluxrig.audit.Succession;
import io.fluxrig.audit.Witness;
import io.fluxrig.audit.WitnessRequest;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The witness on HTTP, as C2SP tlog-witness has it: {@code POST /add-checkpoint}, and {@code POST /add-passport} for a Rack that is not known yet. At most 64
 * requests wait; a body is at most as large as a checkpoint can be.
 */
final class WitnessDoor implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING = 64;

    private record Reply(int status, String type, String body) {
        static Reply text(int status, String body) {
            return new Reply(status, "text/plain; charset=utf-8", body + "\n");
        }
    }

    private interface Answering {
        Reply to(byte[] body);
    }

    private final Witness witness;
    private final Consumer<String> log;
    private final HttpServer server;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().factory());

    private WitnessDoor(Witness witness, Consumer<String> log, HttpServer server) {
        this.witness = witness;
        this.log = log;
        this.server = server;
    }

    /** @param log told one line for each passport taken in and each checkpoint refused */
    static WitnessDoor open(InetSocketAddress address, Witness witness, Consumer<String> log) throws IOException {
        WitnessDoor door = new WitnessDoor(witness, log, HttpServer.create(address, WAITING));
        door.server.setExecutor(door.threads);
        door.server.createContext("/add-checkpoint", exchange -> door.answer(exchange, door::checkpoint));
        door.server.createContext("/add-passport", exchange -> door.answer(exchange, door::passport));
        door.server.start();
        return door;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange, Answering answering) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(WitnessRequest.MAX_BYTES + 1);
            Reply reply = !exchange.getRequestMethod().equals("POST")
                    ? Reply.text(405, "post it")
                    : body.length > WitnessRequest.MAX_BYTES ? Reply.text(413, "too large") : answering.to(body);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply passport(byte[] body) {
        try {
            String origin = witness.admit(body);
            log.accept("knows " + origin);
            return Reply.text(200, origin);
        } catch (FluxException refused) {
            log.accept("refuses a passport: " + refused.line());
            return Reply.text(403, refused.line());
        }
    }

    private Reply checkpoint(byte[] body) {
        WitnessRequest request;
        try {
            request = WitnessRequest.parse(body);
        } catch (FluxException malformed) {
            return Reply.text(400, malformed.line());
        }
        try {
            return switch (witness.see(request.note().toArray(), request.proofFrom(), request.proof())) {
                case Witness.Cosigned cosigned -> new Reply(200, "text/plain; charset=utf-8", cosigned.line());
                case Witness.Stranger stranger ->
                    Reply.text(404, "this log is not known here: post its passport first");
                case Witness.Refused refused -> refused(refused);
            };
        } catch (FluxException notSigned) {
            return Reply.text(403, notSigned.line());
        }
    }

    private Reply refused(Witness.Refused refused) {
        if (refused.why() instanceof Succession.ProofDue due) {
            return size(due.rememberedSize());
        }
        String evidence =
                refused.evidence().map(file -> "; evidence in " + file).orElse("");
        log.accept("does not sign: " + refused.why().told() + evidence);
        return refused.why() instanceof Succession.RolledBack back
                ? size(back.rememberedSize())
                : Reply.text(422, refused.why().told());
    }

    private static Reply size(long remembered) {
        return new Reply(409, "text/x.tlog.size", remembered + "\n");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
