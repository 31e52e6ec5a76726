package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.gear.TraceContext;
import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.signal.FluxId;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Makes spans of facts, on the tap's thread: one for each signal, and in it one for each gear that handled it. A signal that answers another is in the same trace and
 * linked to it, never its child: between the two lies a log. Failed signals are always kept, and those whose caller keeps its part; of the others a fraction that every
 * Rack chooses alike.
 */
final class Spans implements Tap.Listener, AutoCloseable {
    /** Signals that have not ended; the oldest make room. */
    static final int MOST_LIVES = 16_384;

    private static final int MOST_GEARS = 128;
    /** How long after its end a signal waits for the numbers of its leaves. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final class Life {
        private final Fact.Entered entered;
        private final List<Fact.Took> gears = new ArrayList<>(4);
        private Fact.Ended ended;
        private long refId;
        private String trace;
        private Optional<TraceContext> caller;
        private long due;

        Life(Fact.Entered entered) {
            this.entered = entered;
            place(entered.refId(), entered.trace(), entered.caller());
        }

        /** An answer learns on its way which request it belongs to. */
        private void place(long refId, String trace, String caller) {
            this.refId = refId;
            this.trace = TraceContext.traceOf(entered.id(), refId, trace);
            this.caller = TraceContext.parse(caller);
        }
    }

    private final double fraction;
    private final Supplier<Level> residency;
    private final NextIds ids = new NextIds();
    private final SpanQueue out;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final LongAdder lost = new LongAdder();
    private final Deque<Life> settling = new ArrayDeque<>();
    private final Map<Long, Life> lives = new LinkedHashMap<>();

    /** @param fraction of signals without failure that are kept, 0 to 1 */
    Spans(String rack, double fraction, Supplier<Level> residency, SpanQueue out) {
        this.fraction = fraction;
        this.residency = residency;
        this.out = out;
        this.provider = SdkTracerProvider.builder()
                .setIdGenerator(ids)
                .addSpanProcessor(out)
                .setResource(Resource.builder()
                        .put("service.name", "fluxrig")
                        .put(attribute(Outgoing.RACK), rack)
                        .build())
                .build();
        this.tracer = provider.get("io.fluxrig");
    }

    private static AttributeKey<String> attribute(Outgoing what) {
        return AttributeKey.stringKey(name(what));
    }

    private static AttributeKey<Long> number(Outgoing what) {
        return AttributeKey.longKey(name(what));
    }

    private static String name(Outgoing what) {
        if (!what.leavesBy(Outgoing.Way.TRACES)) {
            throw new IllegalArgumentException(what + " does not leave in traces");
        }
        return "fluxrig." + what.key();
    }

    @Override
    public void take(Fact fact) {
        switch (fact) {
            case Fact.Entered entered -> enter(entered);
            case Fact.Took took -> {
                Life life = lives.get(took.id());
                if (life != null && life.gears.size() < MOST_GEARS) {
                    life.gears.add(took);
                }
            }
            case Fact.Ended ended -> {
                Life life = lives.remove(ended.id());
                if (life != null) {
                    end(life, ended);
                }
            }
            case Fact.Emitted emitted -> {
                Life life = lives.get(emitted.id());
                if (life != null && life.refId == 0 && emitted.refId() != 0) {
                    life.place(emitted.refId(), emitted.trace(), "");
                }
            }
            case Fact.Left left -> {}
            case Fact.Refused refused -> {}
            case Fact.Committed committed -> {}
            case Fact.Link link -> {}
        }
        settle();
    }

    private void enter(Fact.Entered entered) {
        if (lives.size() >= MOST_LIVES) {
            lives.remove(lives.keySet().iterator().next());
            lost.increment();
        }
        lives.put(entered.id(), new Life(entered));
    }

    private void end(Life life, Fact.Ended ended) {
        if (!isKept(life, ended.end()) || !Outgoing.Way.TRACES.allowed(residency.get())) {
            return;
        }
        if (settling.size() >= MOST_LIVES) {
            lost.increment();
            return;
        }
        if (!out.hasRoom()) {
            out.passedOver(1 + life.gears.size());
            return;
        }
        life.ended = ended;
        life.due = System.nanoTime() + SETTLE_NANOS;
        settling.add(life);
    }

    private boolean isKept(Life life, Intake.End end) {
        if (end instanceof Intake.Failure
                || life.caller.filter(TraceContext::sampled).isPresent()) {
            return true;
        }
        long low = HexFormat.fromHexDigitsToLong(life.trace.substring(16));
        return (low >>> 11) * 0x1.0p-53 < fraction;
    }

    @Override
    public void idle() {
        settle();
    }

    private void settle() {
        while (!settling.isEmpty() && System.nanoTime() - settling.peek().due >= 0) {
            tell(settling.poll());
        }
    }

    /** Signals that no span was made of because too many were alive. */
    long lost() {
        return lost.sum();
    }

    private void tell(Life life) {
        Fact.Entered entered = life.entered;
        ids.trace = life.trace;
        ids.span = TraceContext.spanOf(entered.id());
        SpanBuilder signal = tracer.spanBuilder("signal")
                .setParent(life.caller.map(Spans::under).orElse(Context.root()))
                .setStartTimestamp(entered.at(), TimeUnit.NANOSECONDS)
                .setAttribute(attribute(Outgoing.ID), FluxId.text(entered.id()))
                .setAttribute(attribute(Outgoing.GEAR), entered.gear())
                .setAttribute(attribute(Outgoing.PORT), entered.port())
                .setAttribute(attribute(Outgoing.OUTCOME), Metrics.outcome(life.ended.end()));
        if (life.refId != 0) {
            signal.setAttribute(attribute(Outgoing.REF), FluxId.text(life.refId))
                    .addLink(SpanContext.create(
                            ids.trace,
                            TraceContext.spanOf(life.refId),
                            TraceFlags.getSampled(),
                            TraceState.getDefault()));
        }
        if (entered.leaf().index() >= 0) {
            signal.setAttribute(number(Outgoing.LEAF), entered.leaf().index());
        }
        Span root = signal.startSpan();
        if (life.ended.end() instanceof Intake.Failure failure) {
            root.setAttribute(attribute(Outgoing.CODE), failure.code().code()).setStatus(StatusCode.ERROR);
        }
        long last = life.ended.at();
        for (Fact.Took took : life.gears) {
            last = Math.max(last, took.at() + took.nanos());
            gear(root, took);
        }
        root.end(last, TimeUnit.NANOSECONDS);
    }

    /** What a signal that somebody brought in is a part of. */
    private static Context under(TraceContext caller) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        caller.traceId(), caller.parentId(), TraceFlags.getSampled(), TraceState.getDefault())));
    }

    private void gear(Span root, Fact.Took took) {
        ids.span = IdGenerator.random().generateSpanId();
        SpanBuilder span = tracer.spanBuilder(took.gear())
                .setParent(Context.root().with(root))
                .setStartTimestamp(took.at(), TimeUnit.NANOSECONDS)
                .setAttribute(attribute(Outgoing.ID), FluxId.text(took.id()))
                .setAttribute(attribute(Outgoing.GEAR), took.gear())
                .setAttribute(attribute(Outgoing.PORT), took.port());
        if (took.leaf().index() >= 0) {
            span.setAttribute(number(Outgoing.LEAF), took.leaf().index());
        }
        span.startSpan().end(took.at() + took.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        provider.close();
    }

    /** Gives the tracer ids that we have chosen. One thread makes spans. */
    private static final class NextIds implements IdGenerator {
        private String trace = "";
        private String span = "";

        @Override
        public String generateSpanId() {
            return span;
        }

        @Override
        public String generateTraceId() {
            return trace;
        }
    }
}
