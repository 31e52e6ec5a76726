package io.fluxrig.benchmarks.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How many signals a second go durably from one Rack to another, beside Pekko's reliable delivery over the same transport without and with its durable queue. Takes the
 * number of signals and of rounds; prints medians and ratios.
 */
public final class WireBenchmark {
    private static final int PAYLOAD = 200;

    private WireBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        byte[] payload = new byte[PAYLOAD];
        double[] wire = new double[rounds];
        double[] backlog = new double[rounds];
        double[] bare = new double[rounds];
        double[] queue = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Path folder = Files.createTempDirectory("wire-benchmark");
            WireRun.Rates ours = new WireRun(folder).perSecond(count, payload);
            wire[i] = ours.live();
            backlog[i] = ours.backlog();
            bare[i] = PeerRun.perSecond(Files.createDirectory(folder.resolve("bare")), false, count, payload);
            queue[i] = PeerRun.perSecond(Files.createDirectory(folder.resolve("queue")), true, count, payload);
            System.out.printf(
                    "round %d: wire %,.0f/s  its backlog %,.0f/s  bare %,.0f/s  durable queue %,.0f/s%n",
                    i, wire[i], backlog[i], bare[i], queue[i]);
            delete(folder);
        }
        System.out.printf(
                "median: wire %,.0f/s  its backlog %,.0f/s (%.2f of that)  bare %,.0f/s (wire %.2f of it)  durable queue %,.0f/s (wire %.2f times as many)%n",
                median(wire),
                median(backlog),
                median(backlog) / median(wire),
                median(bare),
                median(wire) / median(bare),
                median(queue),
                median(wire) / median(queue));
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
