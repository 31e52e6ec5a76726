package io.fluxrig.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeerRatesTest {
    private static final List<String> A = List.of("a.pay.example");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final PeerRates rates = new PeerRates(new PeerRates.Limit(1_000, 1 << 20), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void twoSecondsWorthMayBeSaidAtOnceAndThenAtTheRate() {
        PeerRates.Peer peer = rates.of(A);
        assertThat(peer.maySay(2_000, 0)).isTrue();
        assertThat(peer.maySay(1, 0)).isFalse();
        for (int second = 0; second < 100; second++) {
            pass(Duration.ofSeconds(1));
            assertThat(peer.maySay(1_000, 1 << 20)).isTrue();
            assertThat(peer.maySay(1, 0)).isFalse();
        }
    }

    @Test
    void whoSaysLittleInManyBytesIsBoundedToo() {
        PeerRates.Peer peer = rates.of(A);
        assertThat(peer.maySay(1, 2 << 20)).isTrue();
        assertThat(peer.maySay(0, 1 << 10)).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(peer.maySay(0, 1 << 20)).isTrue();
    }

    @Test
    void allConnectionsOfAPeerCountTogetherAndNobodyElses() {
        assertThat(rates.of(A).maySay(2_000, 0)).isTrue();
        assertThat(rates.of(List.copyOf(A)).maySay(1, 0)).isFalse();
        assertThat(rates.of(List.of("b.pay.example")).maySay(2_000, 0)).isTrue();
    }

    @Test
    void aCertificateThatNamesSeveralNodesHasTheShareOfEach() {
        PeerRates.Peer three = rates.of(List.of("a.pay.example", "b.pay.example", "c.pay.example"));
        assertThat(three.maySay(5_999, 0)).isTrue();
        assertThat(three.maySay(2, 0)).isFalse();
    }

    @Test
    void silenceSavesNothingUp() {
        PeerRates.Peer peer = rates.of(A);
        pass(Duration.ofHours(1));
        assertThat(peer.maySay(2_001, 0)).isFalse();
        assertThat(peer.maySay(2_000, 0)).isTrue();
    }
}
