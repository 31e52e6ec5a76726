package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What is read out of {@code /metrics}. */
class ScrapeTest {
    private static final String BEFORE = """
            # HELP fluxrig_signals_total
            # TYPE fluxrig_signals_total counter
            fluxrig_signals_total{what="entered"} 100.0
            fluxrig_signals_total{what="failed"} 1.0E0
            fluxrig_signal_seconds_bucket{outcome="sent",le="0.001"} 90
            fluxrig_signal_seconds_bucket{outcome="sent",le="0.002"} 90
            fluxrig_signal_seconds_bucket{outcome="sent",le="+Inf"} 90
            """;

    private static final String AFTER = """
            fluxrig_signals_total{what="entered"} 220.0
            fluxrig_signal_seconds_bucket{outcome="sent",le="0.001"} 140
            fluxrig_signal_seconds_bucket{outcome="sent",le="0.002"} 180
            fluxrig_signal_seconds_bucket{outcome="sent",le="+Inf"} 180
            fluxrig_signal_seconds_bucket{outcome="failed",le="0.001"} 0
            fluxrig_signal_seconds_bucket{outcome="failed",le="0.002"} 0
            fluxrig_signal_seconds_bucket{outcome="failed",le="+Inf"} 10
            """;

    @Test
    void findsAFigureByItsLabel() {
        Scrape scrape = Scrape.of(BEFORE);
        assertThat(scrape.figure("fluxrig_signals_total", "what=\"entered\"")).isEqualTo(100);
        assertThat(scrape.figure("fluxrig_signals_total", "what=\"failed\"")).isEqualTo(1);
        assertThat(scrape.figure("fluxrig_signals_total", "what=\"refused\"")).isZero();
    }

    @Test
    void aQuantileIsOfWhatHasHappenedSinceAndOfAllOutcomes() {
        // 50 below 1 ms, 40 below 2 ms and 10 beyond: 100 in all.
        Scrape now = Scrape.of(AFTER);
        Scrape before = Scrape.of(BEFORE);
        assertThat(now.quantile("fluxrig_signal_seconds", 0.25, before)).isCloseTo(0.0005, within(1e-9));
        assertThat(now.quantile("fluxrig_signal_seconds", 0.5, before)).isCloseTo(0.001, within(1e-9));
        assertThat(now.quantile("fluxrig_signal_seconds", 0.7, before)).isCloseTo(0.0015, within(1e-9));
        assertThat(now.quantile("fluxrig_signal_seconds", 0.99, before))
                .as("beyond the last bound one knows no more than that")
                .isEqualTo(0.002);
    }

    @Test
    void withoutSignalsThereIsNoQuantile() {
        Scrape now = Scrape.of(AFTER);
        assertThat(now.quantile("fluxrig_signal_seconds", 0.5, now)).isNaN();
        assertThat(Scrape.of("").quantile("fluxrig_signal_seconds", 0.5, Scrape.of("")))
                .isNaN();
        assertThat(Scrape.of("<html>\nnot { ours }\n").figure("fluxrig_signals_total", "what=\"entered\""))
                .isZero();
        // A node that was started again has counted less than before.
        assertThat(Scrape.of(BEFORE).quantile("fluxrig_signal_seconds", 0.5, now))
                .isNaN();
    }
}
