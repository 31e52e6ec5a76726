package io.fluxrig.simulate;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A scheme's host: listens and answers authorizations, purchases, reversals and echoes. What it does with a request follows from the card
 * ({@link Cards.Kind}) and the amount: above 5,000.00 is refused with 61, amounts that end in 51 with 51, everything else is approved.
 *
 * <p>Ledger, one JSON object a line, written before the answer goes out: {@code time} (RFC 3339), {@code scheme}, {@code mti}, {@code stan} (DE 11), {@code dt}
 * (DE 7), {@code rrn} (DE 37), {@code terminal} (DE 41), {@code pan} (masked), {@code amount} (DE 4), {@code rc} (DE 39 of the answer), {@code answered} (whether it will
 * be answered at all), {@code delayMs} (0, or how long the answer is held back). Absent elements are left out. {@code rrn} is unique for each transaction, so two lines with the same {@code mti}
 * and {@code rrn} are one request that came twice.
 */
public final class SchemeSim implements AutoCloseable {
    /** What the host has seen. {@code unreadable} counts frames that the spec cannot read. */
    public record Stats(long requests, long answers, long approved, long declined, long echoes, long unreadable) {}

    private static final long MAX_AMOUNT = 500_000;
    private static final Duration LATE = Duration.ofMillis(3_500);
    /** What an answer repeats of its request. */
    private static final List<String> ECHO =
            List.of("2", "3", "4", "7", "11", "12", "13", "32", "37", "41", "42", "49", "70");

    private final String host;
    private final int askedPort;
    private final String name;
    private final Spec spec;
    private final Optional<Ledger> ledger;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scheme-later").factory());
    private final Set<FrameSocket> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder requests = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder approved = new LongAdder();
    private final LongAdder declined = new LongAdder();
    private final LongAdder echoes = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    private ServerSocket listening;
    private volatile boolean silent;
    private volatile Duration lateBy = LATE;
    private volatile boolean closed;

    /**
     * @param port 0 for any free port
     * @param name how the ledger calls this host
     * @param ledger appended to; none where empty
     */
    public SchemeSim(String host, int port, String name, Spec spec, Optional<Path> ledger) {
        this.host = host;
        this.askedPort = port;
        this.name = name;
        this.spec = spec;
        this.ledger = ledger.map(Ledger::append);
    }

    /** Listens from now on. */
    public SchemeSim start() throws IOException {
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(host, askedPort));
        Thread.ofVirtual().name(name + "-accept").start(this::accept);
        return this;
    }

    /** The port that it listens on. */
    public int port() {
        return listening.getLocalPort();
    }

    /** While silent, requests are read and recorded, and none is answered. */
    public void silent(boolean now) {
        silent = now;
    }

    /** How long the answer for a late card is held back; 3.5 s where nothing is said, which is longer than the example's switch waits. */
    public SchemeSim lateBy(Duration delay) {
        lateBy = delay;
        return this;
    }

    /** Breaks every connection; new ones are accepted. */
    public void hangUp() {
        connections.forEach(SchemeSim::close);
    }

    public Stats stats() {
        return new Stats(requests.sum(), answers.sum(), approved.sum(), declined.sum(), echoes.sum(), unreadable.sum());
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().name(name + "-connection").start(() -> serve(socket));
            } catch (IOException over) {
                // Closed, or a connection that died at once: the loop decides.
            }
        }
    }

    private void serve(Socket socket) {
        FrameSocket peer = null;
        try (FrameSocket connection = new FrameSocket(socket)) {
            peer = connection;
            connections.add(peer);
            while (!closed) {
                handle(connection.read(), connection);
            }
        } catch (IOException hungUp) {
            // The other side decides how long it stays.
        } finally {
            if (peer != null) {
                connections.remove(peer);
            }
        }
    }

    private void handle(byte[] frame, FrameSocket peer) {
        switch (spec.codec().decode(frame, 0, frame.length)) {
            case Codec.Decoded.Ok ok -> request(ok.data(), peer);
            case Codec.Decoded.Unreadable stop -> unreadable.increment();
        }
    }

    private void request(FluxMap request, FrameSocket peer) {
        String mti = request.text("0").orElse("");
        Optional<String> answerMti = answerTo(mti);
        if (answerMti.isEmpty()) {
            return;
        }
        requests.increment();
        Cards.Kind kind = mti.charAt(1) == '8'
                ? Cards.Kind.NORMAL
                : Cards.kindOf(request.text("2").orElse(""));
        String code = mti.charAt(1) == '8' || mti.charAt(1) == '4' ? "00" : decide(request, kind);
        boolean answered = !silent && kind != Cards.Kind.SILENT;
        long delay = kind == Cards.Kind.LATE ? lateBy.toMillis() : 0;
        ledger.ifPresent(file -> file.write(line(request, mti, code, answered, delay)));
        count(mti, code);
        if (answered) {
            FluxMap answer = answer(request, answerMti.get(), code);
            reply(answer, peer, delay);
            if (kind == Cards.Kind.TWICE) {
                reply(answer, peer, delay);
            }
        }
    }

    private void count(String mti, String code) {
        if (mti.charAt(1) == '8') {
            echoes.increment();
        } else if (code.equals("00")) {
            approved.increment();
        } else {
            declined.increment();
        }
    }

    /** A repeat (0401, 0421) is answered like its original. */
    private static Optional<String> answerTo(String mti) {
        return switch (mti) {
            case "0100", "0101" -> Optional.of("0110");
            case "0200", "0201" -> Optional.of("0210");
            case "0400", "0401" -> Optional.of("0410");
            case "0420", "0421" -> Optional.of("0430");
            case "0800", "0801" -> Optional.of("0810");
            default -> Optional.empty();
        };
    }

    private static String decide(FluxMap request, Cards.Kind kind) {
        String amount =
                request.text("4").filter(text -> text.matches("[0-9]{1,12}")).orElse("0");
        if (kind == Cards.Kind.DECLINED) {
            return "05";
        }
        if (Long.parseLong(amount) > MAX_AMOUNT) {
            return "61";
        }
        return amount.endsWith("51") ? "51" : "00";
    }

    private static FluxMap answer(FluxMap request, String mti, String code) {
        FluxMap.Builder answer = FluxMap.builder().put("0", mti).put("39", code);
        ECHO.forEach(element -> answer.putIf(element, request.get(element)));
        if (code.equals("00") && mti.charAt(1) != '8') {
            answer.put("38", authorization(request));
        }
        return answer.build();
    }

    /** Six characters that follow from the transaction alone. */
    private static String authorization(FluxMap request) {
        return String.format("%06d", Math.floorMod(request.text("37").orElse("").hashCode(), 1_000_000));
    }

    private void reply(FluxMap answer, FrameSocket peer, long delayMillis) {
        byte[] frame;
        try {
            frame = spec.codec().encode(answer);
        } catch (FluxException unfit) {
            unreadable.increment();
            return;
        }
        if (delayMillis == 0) {
            write(frame, peer);
            return;
        }
        try {
            later.schedule(() -> write(frame, peer), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            // The host goes down with answers that it held back.
        }
    }

    private void write(byte[] frame, FrameSocket peer) {
        try {
            peer.write(frame);
            answers.increment();
        } catch (IOException hungUp) {
            close(peer);
        }
    }

    private Map<String, Object> line(FluxMap request, String mti, String code, boolean answered, long delay) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("scheme", name);
        line.put("mti", mti);
        put(line, "stan", request.get("11"));
        put(line, "dt", request.get("7"));
        put(line, "rrn", request.get("37"));
        put(line, "terminal", request.get("41"));
        request.text("2").ifPresent(pan -> line.put("pan", Cards.masked(pan)));
        put(line, "amount", request.get("4"));
        line.put("rc", code);
        line.put("answered", answered);
        line.put("delayMs", delay);
        return line;
    }

    private static void put(Map<String, Object> line, String key, Value value) {
        if (value instanceof Value.Text text) {
            line.put(key, text.value().strip());
        }
    }

    private static void close(FrameSocket peer) {
        try {
            peer.close();
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
    }

    @Override
    public void close() {
        closed = true;
        later.shutdownNow();
        try {
            if (listening != null) {
                listening.close();
            }
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
        hangUp();
        ledger.ifPresent(Ledger::close);
    }
}
