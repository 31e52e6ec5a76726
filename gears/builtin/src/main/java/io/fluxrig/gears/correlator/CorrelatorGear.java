package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.gears.iso8583.Answers;
import io.fluxrig.gears.iso8583.Conformance;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.gears.iso8583.ResponseCode;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The switch. Every request that comes in is answered exactly once: by its reply, or from here. */
final class CorrelatorGear implements Gear {
    /** What arrives at a port, and on which route. */
    private sealed interface Entrance {
        record Requests(Route route) implements Entrance {}

        record Replies(Route route) implements Entrance {}

        record Failures(Route route) implements Entrance {}

        record Unrouted() implements Entrance {}

        record Local() implements Entrance {}
    }

    /** Beyond the longest wait: a reply on its way, and a clock that was set. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final String TRACE = "11";

    private final CorrelatorSettings settings;
    private final Spec spec;
    private final Keys keys;
    private final OpenExchanges exchanges;
    private final Optional<Conformance> rules;
    private final Map<String, Entrance> entrances = new HashMap<>();

    /** @param exchanges what is open already, shared with the gear that this one follows */
    CorrelatorGear(CorrelatorSettings settings, Spec spec, OpenExchanges exchanges) {
        this.settings = settings;
        this.spec = spec;
        this.keys = new Keys(settings, spec);
        this.rules = Conformance.of(Optional.of(spec), settings.validation());
        this.exchanges = exchanges;
        settings.routes().forEach(exchanges::know);
        // Routes of a predecessor too: what it sent there may still be answered.
        for (String name : exchanges.routes()) {
            Route route = exchanges.route(name);
            entrances.put(name, new Entrance.Requests(route));
            entrances.put(CorrelatorType.repliesOf(name), new Entrance.Replies(route));
            entrances.put(CorrelatorType.failuresOf(name), new Entrance.Failures(route));
        }
        entrances.put(CorrelatorType.UNROUTED, new Entrance.Unrouted());
        entrances.put(CorrelatorType.LOCAL, new Entrance.Local());
    }

    /** A gear of other settings over the same open exchanges and trace numbers, so that a reply finds its request whoever sent it. */
    CorrelatorGear successor(CorrelatorSettings changed, Spec its) {
        return new CorrelatorGear(changed, its, exchanges);
    }

    @Override
    public Outcome handle(Signal signal, GearContext context) {
        FluxMsg msg = signal.msg();
        return switch (entrances.get(signal.port())) {
            case Entrance.Requests in -> request(in.route(), msg, context);
            case Entrance.Replies in -> reply(in.route(), msg, context);
            case Entrance.Failures in -> failure(in.route(), msg, context);
            case Entrance.Unrouted in -> {
                context.count("unrouted");
                yield answered(msg, ResponseCode.NO_ROUTE);
            }
            case Entrance.Local in -> answered(msg, localCode(msg));
        };
    }

    private static ResponseCode localCode(FluxMsg msg) {
        return Mti.of(msg.data()).map(Mti::isNetworkManagement).orElse(false)
                ? ResponseCode.APPROVED
                : ResponseCode.NO_ROUTE;
    }

    private Outcome request(Route route, FluxMsg msg, GearContext context) {
        Optional<Mti> mti = Mti.of(msg.data());
        if (mti.isEmpty() || mti.get().response().isEmpty()) {
            return Outcome.fail(GearError.NO_ROUTE, "not a request");
        }
        if (keys.pairing(mti.get(), msg.data()).isEmpty() || !msg.data().has(TRACE)) {
            context.count("incomplete");
            return answered(msg, ResponseCode.FORMAT_ERROR);
        }
        String sameAs = keys.sameness(mti.get(), msg.data(), msg.meta());
        if (exchanges.hasSame(sameAs)) {
            context.count("duplicates");
            return answered(msg, ResponseCode.DUPLICATE);
        }
        if (route.size() >= settings.maxOpen()) {
            context.count("overload");
            return answered(msg, ResponseCode.SYSTEM_MALFUNCTION);
        }
        return forward(route, mti.get(), sameAs, msg, context);
    }

    private Outcome forward(Route route, Mti mti, String sameAs, FluxMsg msg, GearContext context) {
        int trace = route.freeTrace();
        FluxMap data = msg.data().with(TRACE, sixDigits(trace));
        String key = keys.pairing(mti, data).orElseThrow();
        if (route.isOpen(key)) {
            context.count("duplicates");
            return answered(msg, ResponseCode.DUPLICATE);
        }
        FluxMsg onward;
        try {
            onward = encoded(msg.toBuilder(), data);
        } catch (FluxException unfit) {
            context.count("unencodable");
            return answered(msg, ResponseCode.FORMAT_ERROR);
        }
        Exchange exchange = exchange(route, trace, key, sameAs, msg, data, context.now());
        open(exchange, settings.timeout(mti.messageClass()), context);
        return Outcome.emit(route.name(), onward, spec);
    }

    private Exchange exchange(
            Route route, int trace, String key, String sameAs, FluxMsg request, FluxMap sent, long openedAt) {
        return new Exchange(
                request.id(),
                route.name(),
                trace,
                key,
                sameAs,
                request.meta(),
                Answers.essence(request.data()),
                rules.map(r -> r.remembered(sent)).orElse(FluxMap.EMPTY),
                openedAt);
    }

    private void open(Exchange exchange, Duration wait, GearContext context) {
        exchanges.open(exchange);
        context.startTimer(exchange.timer(), wait);
        gauge(exchange, context);
    }

    private void close(Exchange exchange, GearContext context) {
        exchanges.close(exchange);
        context.cancelTimer(exchange.timer());
        gauge(exchange, context);
    }

    private void gauge(Exchange exchange, GearContext context) {
        context.gauge("open-since", exchanges.since());
        context.gauge("open-limit", settings.maxOpen());
        context.gauge(
                "open." + exchange.route(), exchanges.route(exchange.route()).size());
    }

    private Outcome reply(Route route, FluxMsg msg, GearContext context) {
        if (isNetworkRequest(msg)) {
            context.count("network");
            return answered(msg.id(), msg.meta(), msg.data(), ResponseCode.APPROVED, route.name());
        }
        Optional<Exchange> waiting = waitingFor(route, msg);
        if (waiting.isEmpty()) {
            context.count("late");
            return Outcome.emit(CorrelatorType.LATE, msg);
        }
        Exchange exchange = waiting.get();
        Conformance.Verdict verdict =
                rules.map(r -> r.checkResponse(msg.data(), exchange.compared())).orElse(Conformance.Verdict.NONE);
        verdict.count(context::count);
        if (verdict.refused()) {
            return refused(exchange, verdict, context);
        }
        FluxMap data = msg.data().with(TRACE, exchange.essence().get(TRACE));
        FluxMsg onward;
        try {
            onward = encoded(wayBack(msg, exchange), data);
        } catch (FluxException unfit) {
            // The reply cannot be told as it is, and its sender must still be told something.
            context.count("unencodable");
            close(exchange, context);
            return answered(exchange, ResponseCode.SYSTEM_MALFUNCTION);
        }
        close(exchange, context);
        context.count("replies");
        return Outcome.emit(CorrelatorType.REPLY, onward, spec, verdict.note());
    }

    /** The reply goes no further, and who asked is told something all the same. */
    private Outcome refused(Exchange exchange, Conformance.Verdict verdict, GearContext context) {
        close(exchange, context);
        Outcome answered = answered(exchange, ResponseCode.SYSTEM_MALFUNCTION);
        Outcome failed = Outcome.fail(GearError.VIOLATION, verdict.reason());
        return new Outcome(failed.way(), answered.births());
    }

    /** The other side asks whether we are there: that is answered on the route that it came by. */
    private static boolean isNetworkRequest(FluxMsg msg) {
        return Mti.of(msg.data())
                .filter(Mti::isNetworkManagement)
                .flatMap(Mti::response)
                .isPresent();
    }

    private Optional<Exchange> waitingFor(Route route, FluxMsg reply) {
        return Mti.of(reply.data())
                .filter(Mti::isResponse)
                .flatMap(mti -> keys.pairing(mti, reply.data()))
                .flatMap(route::find);
    }

    /** A reply's own context ends here: it goes on with that of the request. */
    private static FluxMsg.Builder wayBack(FluxMsg reply, Exchange exchange) {
        return reply.toBuilder()
                .refId(exchange.requestId())
                .meta(exchange.meta())
                .meta(Mti.META, reply.data().text(Mti.ELEMENT).orElseThrow());
    }

    /** What comes here is the request as it was emitted, so its id names the exchange. */
    private Outcome failure(Route route, FluxMsg msg, GearContext context) {
        Optional<Exchange> waiting = exchanges.ofRequest(msg.id());
        if (waiting.isEmpty() || !waiting.get().route().equals(route.name())) {
            return Outcome.consumed();
        }
        context.count("unreachable");
        close(waiting.get(), context);
        return answered(waiting.get(), ResponseCode.ISSUER_UNAVAILABLE);
    }

    @Override
    public Outcome onTimer(String timer, GearContext context) {
        Optional<Exchange> waiting = exchanges.ofTimer(timer);
        if (waiting.isEmpty()) {
            return Outcome.consumed();
        }
        context.count("timeouts");
        close(waiting.get(), context);
        return answered(waiting.get(), ResponseCode.ISSUER_UNAVAILABLE);
    }

    private Outcome answered(FluxMsg request, ResponseCode code) {
        return answered(request.id(), request.meta(), request.data(), code, CorrelatorType.REPLY);
    }

    private Outcome answered(Exchange exchange, ResponseCode code) {
        return answered(exchange.requestId(), exchange.meta(), exchange.essence(), code, CorrelatorType.REPLY);
    }

    private Outcome answered(
            long requestId, Map<String, String> meta, FluxMap request, ResponseCode code, String port) {
        try {
            Optional<Draft> answer = Answers.draft(requestId, meta, request, code, spec);
            return answer.map(draft -> Outcome.consumed().born(port, draft))
                    .orElseGet(() -> Outcome.fail(GearError.NO_ROUTE, "not a request"));
        } catch (FluxException unfit) {
            return Outcome.fail(GearError.ENCODE, "the answer " + code.code() + " does not fit the spec");
        }
    }

    private FluxMsg encoded(FluxMsg.Builder builder, FluxMap data) {
        return builder.data(data).raw(Bytes.wrap(spec.codec().encode(data))).build();
    }

    private static Value sixDigits(int number) {
        String digits = Integer.toString(number);
        return Value.of("000000".substring(digits.length()) + digits);
    }

    @Override
    public Duration memory() {
        return settings.longestTimeout().plus(MARGIN);
    }

    @Override
    public void recall(Recollection past, GearContext context) {
        if (past.timer().isPresent()) {
            exchanges.ofTimer(past.timer().get()).ifPresent(exchange -> close(exchange, context));
            return;
        }
        past.in().map(entrances::get).ifPresent(entrance -> recall(entrance, past, context));
    }

    private void recall(Entrance entrance, Recollection past, GearContext context) {
        switch (entrance) {
            case Entrance.Requests in -> {
                if (past.out().filter(in.route().name()::equals).isPresent()) {
                    recallRequest(in.route(), past, context);
                }
            }
            case Entrance.Replies in -> recallReply(in.route(), past).ifPresent(exchange -> close(exchange, context));
            case Entrance.Failures in ->
                past.received()
                        .flatMap(msg -> exchanges.ofRequest(msg.id()))
                        .ifPresent(exchange -> close(exchange, context));
            case Entrance.Unrouted in -> {}
            case Entrance.Local in -> {}
        }
    }

    /** Only what left the Rack can be answered from outside; what did not was closed when the Rack recovered. */
    private void recallRequest(Route route, Recollection past, GearContext context) {
        if (past.received().isEmpty() || past.emitted().isEmpty()) {
            return;
        }
        FluxMsg request = past.received().get();
        FluxMap sent = past.emitted().get().data();
        Optional<Mti> mti = Mti.of(sent);
        Optional<String> key = mti.flatMap(m -> keys.pairing(m, sent));
        Optional<String> trace = sent.text(TRACE).filter(text -> text.matches("[0-9]{1,6}"));
        if (key.isEmpty()
                || trace.isEmpty()
                || exchanges.ofRequest(request.id()).isPresent()) {
            return;
        }
        route.find(key.get()).ifPresent(stale -> close(stale, context));
        String sameAs = keys.sameness(mti.get(), request.data(), request.meta());
        Exchange exchange =
                exchange(route, Integer.parseInt(trace.get()), key.get(), sameAs, request, sent, past.handledAt());
        Duration waited = Duration.ofNanos(Math.max(0, context.now() - past.handledAt()));
        Duration left = settings.timeout(mti.get().messageClass()).minus(waited);
        open(exchange, left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left, context);
    }

    private Optional<Exchange> recallReply(Route route, Recollection past) {
        Optional<Exchange> named = past.emitted().flatMap(msg -> exchanges.ofRequest(msg.refId()));
        return named.or(() -> past.received().flatMap(msg -> waitingFor(route, msg)));
    }
}
