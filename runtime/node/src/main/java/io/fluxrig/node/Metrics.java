package io.fluxrig.node;

import io.fluxrig.certs.CertificateFile;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Vault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.typed.Cluster;

/** What a scrape of {@code /metrics} tells, and what is pushed where a sink is configured. Durations come from the tap, totals from where they are counted. */
final class Metrics implements Tap.Listener, AutoCloseable {
    /** Each bound twice the one before, from 50 microseconds to 26 seconds. */
    private static final Duration[] BOUNDS =
            IntStream.range(0, 20).mapToObj(i -> Duration.ofNanos(50_000L << i)).toArray(Duration[]::new);

    private static final double NANOS_A_DAY = Duration.ofDays(1).toNanos();

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
    private final RackBoard board;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Map<String, Timer> gears = new ConcurrentHashMap<>();
    private final Timer commits;
    private final Path dataDir;
    private volatile long startedNanos = System.nanoTime();

    /** @param others that get everything too */
    Metrics(RackBoard board, Path dataDir, Optional<MeterRegistry> others) {
        this.board = board;
        this.dataDir = dataDir;
        registry.config().meterFilter(new Labels());
        registry.add(prometheus);
        others.ifPresent(registry::add);
        commits = histogram("fluxrig.vault.commit", Tags.empty());
        Tap tap = board.tap();
        for (Tap.Total what : Tap.Total.values()) {
            counter("fluxrig.signals", Tags.of("what", lower(what)), () -> tap.total(what));
        }
        counter("fluxrig.tap.dropped", Tags.empty(), tap::dropped);
        gauge("fluxrig.swaps.draining", Tags.empty(), board::draining);
        gauge("fluxrig.policy.left.days", Tags.empty(), this::policyDaysLeft);
        counter("fluxrig.redrives", Tags.empty(), () -> tap.total(Tap.Total.REDRIVEN));
        counter(
                "fluxrig.in.doubt",
                Tags.empty(),
                () -> tap.failuresByCode().getOrDefault(NodeError.IN_DOUBT.code(), 0L));
        gauge("fluxrig.signals.in.flight", Tags.empty(), () -> board.status().inFlight());
        gauge("fluxrig.ready", Tags.empty(), () -> board.status().ready() ? 1 : 0);
        gauge("fluxrig.degraded", Tags.empty(), () -> board.status().degraded().isEmpty() ? 0 : 1);
        gauge("fluxrig.disk.free.bytes", Tags.empty(), () -> dataDir.toFile().getUsableSpace());
        gauge("fluxrig.disk.left.days", Tags.empty(), this::daysLeft);
        for (SignalClass each : SignalClass.values()) {
            Tags tags = Tags.of("class", lower(each));
            gauge("fluxrig.credits.used", tags, () -> credits(c -> c.used(each)));
            gauge("fluxrig.credits.limit", tags, () -> credits(c -> c.limit(each)));
        }
        gauge("fluxrig.metadata.backlog.leaves", Tags.empty(), board::backlog);
        gauge("fluxrig.metadata.backlog.age.seconds", Tags.empty(), () -> ageSeconds(board.backlogSince()));
        vault();
    }

    private void vault() {
        counter("fluxrig.vault.leaves", Tags.empty(), () -> stats(Vault.Stats::durable));
        counter("fluxrig.vault.bytes", Tags.empty(), () -> stats(Vault.Stats::bytes));
        counter("fluxrig.vault.groups", Tags.empty(), () -> stats(Vault.Stats::groups));
        gauge("fluxrig.vault.waiting.leaves", Tags.empty(), () -> stats(s -> s.appended() - s.durable()));
        gauge("fluxrig.checkpoint.lag.leaves", Tags.empty(), () -> stats(s -> s.durable() - s.sealed()));
    }

    /** @param tls where this node's certificate is, empty for none */
    void watchCertificate(Optional<Path> tls) {
        gauge(
                "fluxrig.certificate.left.days",
                Tags.empty(),
                () -> tls.map(Metrics::daysLeftOf).orElse(Double.NaN));
    }

    /** How many members this node sees, itself among them, and how many of them it does not reach. */
    void watchCluster(Cluster cluster) {
        gauge(
                "fluxrig.cluster.members",
                Tags.empty(),
                () -> cluster.state().members().size());
        gauge(
                "fluxrig.cluster.unreachable",
                Tags.empty(),
                () -> cluster.state().unreachable().size());
    }

    /** Not a number where it cannot be read, which the log tells. */
    private static double daysLeftOf(Path tls) {
        try {
            return CertificateFile.read(tls)
                            .getFirst()
                            .identity()
                            .left(Instant.now())
                            .toNanos()
                    / NANOS_A_DAY;
        } catch (FluxException unreadable) {
            return Double.NaN;
        }
    }

    /** How often the management API let somebody not in, by reason. */
    void countRefusals(ApiDoor door) {
        ApiDoor.REFUSALS.forEach(
                code -> counter("fluxrig.api.refused", Tags.of("code", code.code()), () -> door.refused(code)));
    }

    void counter(String name, Tags tags, Supplier<Number> total) {
        // The registry holds what it asks only weakly, and the question strongly.
        FunctionCounter.builder(name, this, metrics -> total.get().doubleValue())
                .tags(tags)
                .register(registry);
    }

    void gauge(String name, Tags tags, Supplier<Number> figure) {
        Gauge.builder(name, figure).tags(tags).register(registry);
    }

    private Timer histogram(String name, Tags tags) {
        return Timer.builder(name).tags(tags).serviceLevelObjectives(BOUNDS).register(registry);
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private double stats(ToDoubleFunction<Vault.Stats> of) {
        Optional<Vault.Stats> stats = board.status().vault();
        return stats.isEmpty() ? 0 : of.applyAsDouble(stats.get());
    }

    private double credits(ToDoubleFunction<Credits> of) {
        return board.activation()
                .map(a -> of.applyAsDouble(a.pipeline().credits()))
                .orElse(0.0);
    }

    private static double ageSeconds(long since) {
        return since == 0 ? 0 : Math.max(0, System.currentTimeMillis() / 1e3 - since / 1e9);
    }

    /** Not a number where no policy is in force, or one without an end. */
    private double policyDaysLeft() {
        return board.policyEnds()
                .map(at -> (at - System.currentTimeMillis() / 1e3) / 86_400)
                .orElse(Double.NaN);
    }

    /** How long the disk lasts if the log grows as it has since the start; not a number as long as it has not grown. */
    private double daysLeft() {
        double bytesADay = stats(Vault.Stats::bytes) / (System.nanoTime() - startedNanos) * NANOS_A_DAY;
        return bytesADay == 0 ? Double.NaN : dataDir.toFile().getUsableSpace() / bytesADay;
    }

    @Override
    public void take(Fact fact) {
        switch (fact) {
            case Fact.Took took ->
                gears.computeIfAbsent(took.gear(), g -> histogram("fluxrig.gear", Tags.of("gear", g)))
                        .record(Duration.ofNanos(took.nanos()));
            case Fact.Ended ended ->
                gears.computeIfAbsent(
                                "outcome " + outcome(ended.end()),
                                o -> histogram("fluxrig.signal", Tags.of("outcome", outcome(ended.end()))))
                        .record(Duration.ofNanos(ended.nanos()));
            case Fact.Committed committed -> commits.record(Duration.ofNanos(committed.nanos()));
            case Fact.Entered entered -> {}
            case Fact.Emitted emitted -> {}
            case Fact.Left left -> {}
            case Fact.Refused refused -> {}
            case Fact.Link link -> {}
        }
    }

    static String outcome(Intake.End end) {
        return switch (end) {
            case Intake.Failure failure -> "failed";
            case Intake.Done.SENT -> "sent";
            case Intake.Done.CONSUMED -> "consumed";
            case Intake.Done.HANDED_OVER -> "handed_over";
        };
    }

    /** Meters whose labels are known only when something happens. */
    private void discover() {
        board.status()
                .links()
                .keySet()
                .forEach(link -> once(
                        "link " + link,
                        () -> gauge(
                                "fluxrig.link.up",
                                Tags.of("gear", link),
                                () -> board.status().links().getOrDefault(link, false) ? 1 : 0)));
        Tap tap = board.tap();
        tap.gearGauges()
                .keySet()
                .forEach(key -> once(
                        "gauge " + key,
                        () -> gauge(
                                "fluxrig.gear",
                                gearTags(key),
                                () -> tap.gearGauges().getOrDefault(key, 0L))));
        tap.gearCounters()
                .keySet()
                .forEach(key -> once(
                        "counter " + key,
                        () -> counter(
                                "fluxrig.gear.events",
                                gearTags(key),
                                () -> tap.gearCounters().getOrDefault(key, 0L))));
        tap.failuresByCode()
                .keySet()
                .forEach(code -> once(
                        "failed " + code,
                        () -> counter(
                                "fluxrig.failed",
                                Tags.of("code", code),
                                () -> tap.failuresByCode().getOrDefault(code, 0L))));
        tap.refusalsByCode()
                .keySet()
                .forEach(code -> once(
                        "refused " + code,
                        () -> counter(
                                "fluxrig.refused",
                                Tags.of("code", code),
                                () -> tap.refusalsByCode().getOrDefault(code, 0L))));
    }

    /** Wires to other Racks. */
    private void discoverWires() {
        for (FarEnd end : board.wires()) {
            Tags tags = Tags.of("wire", end.wire(), "rack", end.rack());
            once("wire " + end.wire() + " " + end.rack(), () -> {
                gauge("fluxrig.wire.up", tags, () -> end.state() == FarEnd.State.OPEN ? 1 : 0);
                gauge("fluxrig.wire.backlog", tags, end::backlog);
                gauge("fluxrig.wire.backlog.age.seconds", tags, () -> ageSeconds(end.oldestAt()));
                counter("fluxrig.wire.handed.over", tags, end::handedOver);
            });
        }
    }

    private static Tags gearTags(String key) {
        String[] parts = key.split("[|]", 2);
        return Tags.of("gear", parts[0], "what", parts[1]);
    }

    private void once(String key, Runnable register) {
        if (known.size() < Labels.MOST && known.add(key)) {
            register.run();
        }
    }

    /** The Prometheus text format; of a Rack that is hosted elsewhere nothing, since its host tells. */
    String scrapeWhereHosted() {
        if (board.isHosted()) {
            return scrape();
        }
        startedNanos = System.nanoTime();
        return "# it is not hosted here\n";
    }

    /** The Prometheus text format. */
    String scrape() {
        discover();
        discoverWires();
        return prometheus.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
