package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The Mixer's book of signals, written on one thread and read on another, so that neither the Mixer nor who asks waits for who delivers. Safe for use from any thread. */
final class SignalDesk implements AutoCloseable {
    private static final int QUEUE = 64;
    private static final int FORGET_AT_ONCE = 5_000;
    private static final long FORGET_EVERY = Duration.ofMinutes(1).toNanos();

    /** The book as one thread has it open. */
    private static final class Side {
        private final BookTables tables;
        private final ThreadPoolExecutor thread;
        private SignalBook book;

        Side(BookTables tables, String name) {
            this.tables = tables;
            this.thread = new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(QUEUE),
                    Thread.ofPlatform().daemon().name(name).factory());
        }

        <T> CompletionStage<T> ask(Function<SignalBook, T> work) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            try {
                thread.execute(() -> {
                    try {
                        book = book == null ? SignalBook.open(tables) : book;
                        answer.complete(work.apply(book));
                    } catch (RuntimeException problem) {
                        openAnew();
                        answer.completeExceptionally(problem);
                    }
                });
            } catch (RejectedExecutionException busy) {
                answer.completeExceptionally(new FluxException(NodeError.BOOK, "more than " + QUEUE + " wait for it"));
            }
            return answer;
        }

        /** After trouble: a connection that broke does not mend. */
        private void openAnew() {
            try (SignalBook broken = book) {
                book = null;
            } catch (FluxException closed) {
                // there is nothing left to close
            }
        }

        void close() {
            thread.execute(this::openAnew);
            thread.shutdown();
        }
    }

    private final Side writing;
    private final Side reading;
    private final Duration keep;
    private final Clock clock;
    private long forgotAt = System.nanoTime() - FORGET_EVERY;

    SignalDesk(BookTables tables, Duration keep, Clock clock) {
        this.writing = new Side(tables, "mixer-signals");
        this.reading = new Side(tables, "mixer-questions");
        this.keep = keep;
        this.clock = clock;
    }

    /** Completes with the index of the leaf that is to come next from this log. */
    CompletionStage<Long> take(SignalFacts facts) {
        return writing.ask(book -> {
            forgetWhatIsOld(book);
            return book.take(facts);
        });
    }

    private void forgetWhatIsOld(SignalBook book) {
        if (System.nanoTime() - forgotAt >= FORGET_EVERY) {
            long before = clock.instant().minus(keep).getEpochSecond() * 1_000_000_000L;
            boolean more = book.forget(before, FORGET_AT_ONCE) == FORGET_AT_ONCE;
            forgotAt = more ? forgotAt : System.nanoTime();
        }
    }

    CompletionStage<List<SignalBook.Row>> find(SignalQuery query) {
        return reading.ask(book -> book.find(query));
    }

    CompletionStage<List<SignalBook.Row>> answersTo(long id) {
        return reading.ask(book -> book.answersTo(id));
    }

    @Override
    public void close() {
        writing.close();
        reading.close();
    }
}
