package io.fluxrig.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three machines of one site, each in a network of its own, under load: one fault after the other, and after each of them all books balance. More rounds: {@code
 * -Pcampaign -Dnetwork.rounds=100}, as many as fit into {@code -Dnetwork.minutes=30}; another seed: {@code -Dnetwork.seed=N}; only some faults: {@code -Dnetwork.faults=SLOW,DEAF}; a rollout of another build, and
 * back: {@code -Dnetwork.faults=ROLLED_OUT -Dnetwork.other=DIR} with its jars, which {@code docker/rollout.sh COMMIT} makes.
 */
class NetworkCampaignTest {
    private static final int ROUNDS = Integer.getInteger("network.rounds", 3);
    private static final Duration LONGEST = Duration.ofMinutes(Integer.getInteger("network.minutes", 600));

    /** Whoever looks for what went wrong needs the logs of all three. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void booksBalanceAfterEveryFault() throws Exception {
        Optional<String> missing = NetworkHosts.missing();
        missing.ifPresent(why -> System.out.println("THE NETWORK CAMPAIGN DID NOT RUN: " + why));
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        long seed = Long.getLong("network.seed", System.nanoTime());
        System.out.println("NetworkCampaignTest: seed " + seed + ", " + ROUNDS + " rounds");
        Random random = new Random(seed);
        Map<NetworkFault, Integer> struck = new EnumMap<>(NetworkFault.class);
        try (NetworkSite site = new NetworkSite(folder)) {
            site.startAll();
            NetworkBooks books = new NetworkBooks(site);
            site.awaitTogether();
            List<NetworkFault> next = new ArrayList<>();
            long requests = 0;
            long end = System.nanoTime() + LONGEST.toNanos();
            for (int round = 1; round <= ROUNDS && System.nanoTime() - end < 0; round++) {
                if (next.isEmpty()) {
                    next.addAll(faults());
                    Collections.shuffle(next, random);
                }
                NetworkFault fault = next.removeFirst();
                struck.merge(fault, 1, Integer::sum);
                requests += round(site, books, round, fault, new Random(random.nextLong()), requests);
            }
            site.stopAll();
            books.areInOrder();
            System.out.printf(
                    "%d rounds %s, %d requests; founded anew %d times%n",
                    struck.values().stream().mapToInt(Integer::intValue).sum(), struck, requests, site.foundedAgain());
        }
    }

    private static List<NetworkFault> faults() {
        String names = System.getProperty("network.faults", "");
        return names.isEmpty()
                ? List.of(NetworkFault.values())
                : List.of(names.split(",")).stream().map(NetworkFault::valueOf).toList();
    }

    /** How many requests terminals sent in it. */
    private static long round(
            NetworkSite site, NetworkBooks books, int round, NetworkFault fault, Random random, long before)
            throws Exception {
        try (NetworkLoad load = new NetworkLoad(site, round, random.nextLong())) {
            load.awaitFlow();
            String whom = fault.strike(site, random);
            long healed = System.nanoTime();
            System.out.printf("round %d: %s %s%n", round, fault, whom);
            load.awaitFlow();
            double flows = (System.nanoTime() - healed) / 1e9;
            site.awaitTogether();
            double together = (System.nanoTime() - healed) / 1e9;
            List<String> last = load.end();
            site.awaitQuiet();
            long requests = load.requests().sent();
            String compared = books.balance(last, before + requests);
            System.out.printf(
                    "  traffic flows %.1f s after it, all are together after %.1f s; %s%n", flows, together, compared);
            return requests;
        }
    }
}
