package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private final Tap tap = new Tap();

    @Test
    void tellsOutcomesDurationsAndDropsWithBaseUnits(@TempDir Path dir) {
        try (tap;
                Metrics metrics = new Metrics(new RackBoard(tap), dir, Optional.empty())) {
            tap.to(metrics);
            tap.ended(1, Intake.Done.SENT, 0, 3_000_000);
            tap.ended(2, new Intake.Failure(GearError.EXPIRED, "late"), 0, 3_000_000);
            tap.refused("acquirer", GearError.BUSY.code());
            tap.copy(new Fact.Took(1, "router", "in", 0, 70_000, null));
            tap.copy(new Fact.Committed(5, 200_000));
            await().until(() -> metrics.scrape().contains("fluxrig_vault_commit_seconds_count 1"));
            assertThat(metrics.scrape())
                    .contains("fluxrig_signals_total{what=\"sent\"} 1.0")
                    .contains("fluxrig_failed_total{code=\"" + GearError.EXPIRED.code() + "\"} 1.0")
                    .contains("fluxrig_refused_total{code=\"" + GearError.BUSY.code() + "\"} 1.0")
                    .contains("fluxrig_signal_seconds_count{outcome=\"failed\"} 1")
                    .contains("fluxrig_gear_seconds_bucket{gear=\"router\",le=\"1.0E-4\"} 1")
                    .contains("fluxrig_tap_dropped_total 0.0")
                    .contains("fluxrig_credits_limit{class=\"request\"}");
        }
    }

    @Test
    void goesOnCountingAfterACollection(@TempDir Path dir) {
        try (tap;
                Metrics metrics = new Metrics(new RackBoard(tap), dir, Optional.empty())) {
            WeakReference<Object> dead = new WeakReference<>(new Object());
            await().until(() -> {
                System.gc();
                return dead.get() == null;
            });
            tap.ended(1, Intake.Done.SENT, 0, 1);
            assertThat(metrics.scrape()).contains("fluxrig_signals_total{what=\"sent\"} 1.0");
        }
    }

    @Test
    void makesNoTimeSeriesOfWhatIsNotFromConfiguration(@TempDir Path dir) {
        try (tap;
                Metrics metrics = new Metrics(new RackBoard(tap), dir, Optional.empty())) {
            tap.gearCounted("acquirer", "late");
            tap.gearCounted("acquirer", "pan-4111111111111111");
            tap.gearCounted("acquirer", "line\nbreak \u001b[31m");
            assertThat(metrics.scrape())
                    .contains("fluxrig_gear_events_total{gear=\"acquirer\",what=\"late\"} 1.0")
                    .doesNotContain("4111111111111111", "break");
        }
    }
}
