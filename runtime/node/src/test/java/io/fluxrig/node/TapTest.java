package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TapTest {
    private static final Fact FACT = new Fact.Link("acquirer", true);

    @Test
    void dropsAndCountsWhatAListenerThatHangsDoesNotTake() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        try (Tap tap = new Tap()) {
            tap.to(fact -> {
                reached.countDown();
                try {
                    hangs.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                taken.incrementAndGet();
            });
            tap.copy(FACT);
            reached.await();
            int offered = 3 * Tap.RING;
            for (int i = 0; i < offered; i++) {
                tap.copy(FACT);
            }
            long dropped = tap.dropped();
            assertThat(dropped).isBetween(offered - Tap.RING - 1L, offered - Tap.RING + 1L);
            hangs.countDown();
            await().until(() -> taken.get() == offered + 1 - dropped);
        }
    }

    @Test
    void aListenerThatThrowsTakesNothingFromTheOthers() {
        AtomicInteger taken = new AtomicInteger();
        try (Tap tap = new Tap()) {
            tap.to(fact -> {
                throw new IllegalStateException("4111111111111111");
            });
            tap.to(fact -> taken.incrementAndGet());
            tap.copy(FACT);
            tap.copy(FACT);
            await().until(() -> taken.get() == 2);
            assertThat(tap.dropped()).isEqualTo(1);
        }
    }

    @Test
    void copiesNothingAsLongAsNobodyListens() {
        try (Tap tap = new Tap()) {
            for (int i = 0; i < 2 * Tap.RING; i++) {
                tap.copy(FACT);
            }
            assertThat(tap.dropped()).isZero();
        }
    }

    @Test
    void followsNoMoreCountersThanItsBound() {
        try (Tap tap = new Tap()) {
            for (int i = 0; i < Tap.MOST_COUNTERS + 10; i++) {
                tap.gearCounted("g", "c" + i);
            }
            assertThat(tap.gearCounters()).hasSize(Tap.MOST_COUNTERS);
            assertThat(tap.dropped()).isEqualTo(10);
        }
    }
}
