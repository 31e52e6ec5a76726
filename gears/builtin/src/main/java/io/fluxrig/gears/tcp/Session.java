package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gears.iso8583.Answers;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.gears.iso8583.ResponseCode;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One connection of a listening port: what it asks goes in, and is answered. */
final class Session implements FrameConnection.Owner {
    /** Where {@code meta} names the session. */
    static final String META = "tcp.session";

    private static final String TRACE = "11";
    private static final Consumer<Sending.Fate> UNHEARD = fate -> {};

    private final Sessions home;
    private final String name;
    private final InetAddress peer;
    private final NetLoop loop = NetLoop.next();
    private final Framing framing;
    private final FrameConnection connection;
    private final Map<String, String> meta;
    private final Pause pause;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Session(Sessions home, String name, InetAddress peer, SocketChannel channel) {
        this.home = home;
        this.name = name;
        this.peer = peer;
        this.meta = Map.of(META, name);
        Sessions.Terms terms = home.terms();
        this.framing = terms.framing();
        this.connection =
                new FrameConnection(loop, channel, framing, terms.settings().limits(), this);
        this.pause = new Pause(() -> home.terms().intake(), loop, connection::resume);
    }

    String name() {
        return name;
    }

    Answered answers() {
        return home.answers();
    }

    InetAddress peer() {
        return peer;
    }

    void start() {
        loop.execute(() -> {
            try {
                connection.start();
            } catch (IOException goneAlready) {
                connection.broken(goneAlready);
            }
        });
    }

    void stopReading() {
        connection.stopReading();
    }

    void shutdown() {
        connection.shutdown();
    }

    /** @param request {@code meta} of what is answered */
    void send(Bytes raw, Map<String, String> request, Consumer<Sending.Fate> told) {
        connection.send(framing.answering(raw, request), told);
    }

    @Override
    public void closed(FrameConnection.End why) {
        open.set(false);
        home.closed(this, why);
    }

    @Override
    public FrameConnection.Taken frame(byte[] frame) {
        return switch (home.terms().inbound().read(frame, meta)) {
            case Inbound.Read.Good good -> offer(good.signalClass(), good.draft());
            case Inbound.Read.Refused refused ->
                refused(refused.signalClass(), refused.draft(), refused.draft().data());
            case Inbound.Read.Bad bad -> refused(SignalClass.REQUEST, bad.told(), bad.readSoFar());
        };
    }

    private FrameConnection.Taken offer(SignalClass signalClass, Draft draft) {
        boolean waits = signalClass == SignalClass.REQUEST || signalClass == SignalClass.NETWORK;
        long expires = waits
                ? UnixTime.nanos() + home.terms().settings().senderTimeout().toNanos()
                : 0;
        RequestEnd end = new RequestEnd(this, draft.meta(), draft.data());
        Intake.Admission admission = home.terms().intake().offer("out", signalClass, draft, expires, end);
        return switch (admission) {
            case Intake.Accepted accepted -> {
                end.accepted(accepted.id());
                yield FrameConnection.Taken.YES;
            }
            case Intake.Refused refused -> {
                boolean answered = answerHere(draft);
                pause.until(signalClass, refused);
                yield answered ? FrameConnection.Taken.AND_PAUSE : FrameConnection.Taken.NOT_NOW;
            }
        };
    }

    /** Says "overload" past the vault: nothing of the request was recorded, and the Rack has no room to record the answer. */
    private boolean answerHere(Draft request) {
        Optional<Spec> spec = home.terms().inbound().spec();
        if (spec.isEmpty()) {
            return false;
        }
        try {
            Optional<FluxMap> answer = Answers.to(request.data(), ResponseCode.SYSTEM_MALFUNCTION);
            answer.ifPresent(data -> send(Bytes.wrap(spec.get().codec().encode(data)), request.meta(), UNHEARD));
            return answer.isPresent();
        } catch (FluxException unfit) {
            return false;
        }
    }

    /** By the error port; who asked is told where as much could be read as an answer needs. */
    private FrameConnection.Taken refused(SignalClass signalClass, Draft told, FluxMap read) {
        Intake.Admission admission = home.terms().intake().offer("error", signalClass, told, 0, end -> {});
        return switch (admission) {
            case Intake.Accepted accepted -> {
                if (Mti.of(read).isPresent() && read.has(TRACE)) {
                    answer(accepted.id(), told.meta(), read, ResponseCode.FORMAT_ERROR);
                }
                yield FrameConnection.Taken.YES;
            }
            case Intake.Refused refused -> {
                pause.until(signalClass, refused);
                yield FrameConnection.Taken.NOT_NOW;
            }
        };
    }

    /** Whether there is a spec to say it by, and somebody to hear it. */
    boolean answersFailures() {
        return open.get() && home.terms().inbound().spec().isPresent();
    }

    /** Answers a request of this session by a signal of its own, if somebody is there to hear it. */
    void answer(long requestId, Map<String, String> requestMeta, FluxMap request, ResponseCode code) {
        if (!answersFailures()) {
            return;
        }
        Spec spec = home.terms().inbound().spec().get();
        Map<String, String> onward = new HashMap<>(meta);
        Optional.ofNullable(requestMeta.get(Framing.HEADER)).ifPresent(header -> onward.put(Framing.HEADER, header));
        try {
            Answers.draft(requestId, onward, request, code, spec).ifPresent(draft -> {
                answers().fails(requestId);
                home.terms().intake().answer("in", draft);
            });
        } catch (FluxException unfit) {
            home.unanswerable(this, unfit.code());
        }
    }
}
