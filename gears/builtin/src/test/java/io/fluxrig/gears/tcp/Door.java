package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.signal.FluxId;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A Rack's door for tests: keeps what comes in, and refuses while it has no credit. */
final class Door implements Intake {
    record Offered(String port, SignalClass signalClass, Draft draft, long expiresAt, long id, Consumer<End> ended) {}

    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<Offered> offers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Draft> answers = new LinkedBlockingQueue<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong time = new AtomicLong(1000);
    final AtomicInteger credit = new AtomicInteger(Integer.MAX_VALUE);

    @Override
    public Admission offer(String port, SignalClass signalClass, Draft draft, long expiresAt, Consumer<End> ended) {
        if (credit.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return new Refused(GearError.BUSY);
        }
        long id = FluxId.of(time.incrementAndGet(), 0, 1);
        offers.add(new Offered(port, signalClass, draft, expiresAt, id, ended));
        return new Accepted(id);
    }

    @Override
    public Admission answer(String inPort, Draft draft) {
        answers.add(draft);
        return new Accepted(FluxId.of(time.incrementAndGet(), 0, 1));
    }

    @Override
    public void whenCredit(SignalClass signalClass, Runnable then) {
        waiting.add(then);
    }

    void giveCredit(int more) {
        credit.set(more);
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    Offered next() throws InterruptedException {
        Offered offered = offers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (offered == null) {
            throw new AssertionError("nothing came in");
        }
        return offered;
    }

    Draft nextAnswer() throws InterruptedException {
        Draft answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer was made");
        }
        return answer;
    }

    int waitingInside() {
        return offers.size();
    }
}
