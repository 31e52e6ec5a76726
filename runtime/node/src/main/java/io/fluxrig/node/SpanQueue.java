package io.fluxrig.node;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans on their way to a collector: a bounded queue, and a thread that sends what is there. What does not fit, and what the collector does not take, is dropped and
 * counted; after each failure in a row the thread rests longer. Whoever makes spans asks first whether there is room, so that a collector that is away costs nothing.
 */
final class SpanQueue implements SpanProcessor {
    static final int QUEUE = 8_192;
    private static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REST = Duration.ofSeconds(15);
    /** The exporter writes a line for each failure, with what the collector answered; ours are counted and told once. */
    private static final Logger CHATTER = Logger.getLogger("io.opentelemetry");

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

    static {
        CHATTER.setLevel(Level.OFF);
    }

    private final SpanExporter exporter;
    private final BlockingQueue<SpanData> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private boolean failing;
    private Duration rest = FIRST_REST;
    private volatile boolean closed;

    SpanQueue(SpanExporter exporter) {
        this.exporter = exporter;
        this.thread = Thread.ofPlatform().daemon().name("fluxrig-spans").start(this::send);
    }

    /** Whether a span that is made now would be sent, as far as can be said. */
    boolean hasRoom() {
        return queue.remainingCapacity() > 0;
    }

    /** Counts spans that were not made because there was no room. */
    void passedOver(int spans) {
        dropped.add(spans);
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!queue.offer(span.toSpanData())) {
            dropped.increment();
        }
    }

    private void send() {
        List<SpanData> batch = new ArrayList<>(BATCH);
        try {
            while (!closed) {
                SpanData first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    send(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(List<SpanData> batch) throws InterruptedException {
        boolean taken = take(batch);
        (taken ? sent : dropped).add(batch.size());
        if (taken == failing) {
            failing = !taken;
            if (taken) {
                LOG.info("the collector takes spans again; {} were dropped so far", dropped.sum());
            } else {
                LOG.warn("the collector does not take spans: they are dropped and counted until it does");
            }
        }
        if (taken) {
            rest = FIRST_REST;
        } else {
            Thread.sleep(rest);
            rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
        }
    }

    private boolean take(List<SpanData> batch) {
        try {
            return exporter.export(List.copyOf(batch))
                    .join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .isSuccess();
        } catch (RuntimeException fault) {
            return false;
        }
    }

    long sent() {
        return sent.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    @Override
    public CompletableResultCode shutdown() {
        closed = true;
        thread.interrupt();
        return exporter.shutdown();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
