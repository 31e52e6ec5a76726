package io.fluxrig.simulate;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** One terminal: sends on its own clock, reads on a thread of its own, and remembers what it asked. */
final class Terminal {
    private static final long SHORTEST_BACK_OFF = 50;
    private static final long LONGEST_BACK_OFF = 1000;
    private static final int REMEMBERED = 4096;

    /** A request that waits. */
    private record Asked(FluxMap request, FrameSocket on, long sentNanos, boolean timed) {}

    private final TerminalPlan plan;
    private final Spec spec;
    private final Transactions transactions;
    private final TerminalCounts counts;
    private final Optional<Ledger> ledger;
    private final Map<String, Asked> open = new ConcurrentHashMap<>();
    /** What was answered ({@code true}) or given up ({@code false}), the latest only: tells a second answer from a stranger. */
    private final Map<String, Boolean> ended = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private volatile boolean sending = true;
    private volatile boolean reading = true;
    private volatile FrameSocket connection;

    Terminal(TerminalPlan plan, Spec spec, Transactions transactions, TerminalCounts counts, Optional<Ledger> ledger) {
        this.plan = plan;
        this.spec = spec;
        this.transactions = transactions;
        this.counts = counts;
        this.ledger = ledger;
    }

    int waiting() {
        return open.size();
    }

    void stopSending() {
        sending = false;
    }

    void disconnect() {
        reading = false;
        close(connection);
    }

    /** Connects, and reads whatever comes, until disconnected. */
    void read() {
        long backOff = SHORTEST_BACK_OFF;
        while (reading) {
            try (FrameSocket socket = FrameSocket.connect(plan.host(), plan.port(), plan.patience())) {
                counts.connects.increment();
                connection = socket;
                while (reading) {
                    answerOn(socket);
                    backOff = SHORTEST_BACK_OFF;
                }
            } catch (IOException lost) {
                FrameSocket gone = connection;
                connection = null;
                giveUp(gone);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(backOff / 2, backOff) * 1_000_000);
                backOff = Math.min(LONGEST_BACK_OFF, 2 * backOff);
            }
        }
    }

    /** A peer that vanished says nothing any more, not even that it is gone: whoever waits for it in vain hangs up. */
    private void answerOn(FrameSocket socket) throws IOException {
        try {
            answer(socket.read());
        } catch (SocketTimeoutException silent) {
            if (open.values().stream().anyMatch(asked -> asked.on() == socket)) {
                throw silent;
            }
        }
    }

    /** Sends one request every {@code interval} nanoseconds, whatever the answers do. What is due while the connection is down is left out. */
    void send(long start, long interval) {
        for (long due = start; sending; due += interval) {
            for (long left = due - System.nanoTime(); left > 0 && sending; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            giveUpOld();
            FrameSocket socket = connection;
            if (sending && socket != null) {
                ask(socket);
            }
        }
    }

    private void ask(FrameSocket socket) {
        FluxMap request = transactions.next(Instant.now());
        Cards.Kind kind = Cards.kindOf(request.text("2").orElse(""));
        boolean timed = kind != Cards.Kind.LATE && kind != Cards.Kind.SILENT;
        byte[] frame = spec.codec().encode(request);
        String key = keyOf(request);
        counts.sent.increment();
        open.put(key, new Asked(request, socket, System.nanoTime(), timed));
        try {
            socket.write(frame);
        } catch (IOException lost) {
            end(key, false).ifPresent(asked -> failed(asked, "connection lost"));
            close(socket);
        }
        if (connection != socket) {
            // The connection died around us, perhaps before its reader could see this request.
            giveUp(socket);
        }
    }

    private void answer(byte[] frame) {
        switch (spec.codec().decode(frame, 0, frame.length)) {
            case Codec.Decoded.Ok ok -> answered(ok.data());
            case Codec.Decoded.Unreadable stop -> counts.unreadable.increment();
        }
    }

    private void answered(FluxMap answer) {
        long now = System.nanoTime();
        boolean ours = answer.text("41").filter(transactions.terminal()::equals).isPresent();
        String key = keyOf(answer);
        Optional<Asked> waiting = ours ? end(key, true) : Optional.empty();
        if (waiting.isPresent()) {
            String code = answer.text("39").orElse("");
            counts.answered(code, now - waiting.get().sentNanos(), waiting.get().timed());
            write(waiting.get(), code, outcomeOf(code), now);
            return;
        }
        Boolean before = ours ? endOf(key) : null;
        (before == null ? counts.crossWired : before ? counts.duplicates : counts.late).increment();
    }

    private static String outcomeOf(String code) {
        return switch (code) {
            case "00" -> "approved";
            case "91" -> "in-doubt";
            default -> "declined";
        };
    }

    /** Removes a request that waits; whoever gets it tells its end. */
    private Optional<Asked> end(String key, boolean answered) {
        Asked asked = open.remove(key);
        if (asked != null) {
            synchronized (ended) {
                ended.put(key, answered);
            }
        }
        return Optional.ofNullable(asked);
    }

    private Boolean endOf(String key) {
        synchronized (ended) {
            return ended.get(key);
        }
    }

    /** What was sent on a connection that is gone gets no answer. */
    private void giveUp(FrameSocket gone) {
        open.forEach((key, asked) -> {
            if (asked.on() == gone) {
                end(key, false).ifPresent(a -> failed(a, "connection lost"));
            }
        });
    }

    /** Gives up what has waited long enough. */
    void giveUpOld() {
        long oldest = System.nanoTime() - plan.patience().toNanos();
        open.forEach((key, asked) -> {
            if (asked.sentNanos() - oldest < 0) {
                end(key, false).ifPresent(a -> failed(a, "no answer within " + seconds(plan.patience())));
            }
        });
    }

    private static String seconds(Duration patience) {
        return patience.toMillis() / 1000.0 + " s";
    }

    private void failed(Asked asked, String why) {
        counts.failed.increment();
        write(asked, why, "in-doubt", System.nanoTime());
    }

    private void write(Asked asked, String codeOrWhy, String outcome, long now) {
        ledger.ifPresent(file -> {
            FluxMap request = asked.request();
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", Instant.now().toString());
            line.put("terminal", transactions.terminal());
            line.put("mti", request.text("0").orElse(""));
            line.put("stan", request.text("11").orElse(""));
            line.put("dt", request.text("7").orElse(""));
            line.put("rrn", request.text("37").orElse(""));
            request.text("2").ifPresent(pan -> line.put("pan", Cards.masked(pan)));
            request.text("4").ifPresent(amount -> line.put("amount", amount));
            line.put("rc", codeOrWhy.length() == 2 ? codeOrWhy : "");
            line.put("outcome", outcome);
            line.put("why", codeOrWhy.length() == 2 ? "" : codeOrWhy);
            line.put("ms", (now - asked.sentNanos()) / 1000 / 1000.0);
            file.write(line);
        });
    }

    /** DE 11 and DE 7 are what the switch promises to give back. */
    private static String keyOf(FluxMap message) {
        return message.text("11").orElse("") + ' ' + message.text("7").orElse("");
    }

    private static void close(FrameSocket socket) {
        if (socket == null) {
            return;
        }
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
    }
}
