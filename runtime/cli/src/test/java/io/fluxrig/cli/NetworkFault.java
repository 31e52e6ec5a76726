package io.fluxrig.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What goes wrong with machines and the network between them. */
enum NetworkFault {
    /** {@code kill -9} of one node, under load. */
    KILLED {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            String victim = any(random);
            site.kill(victim);
            site.restartFor(seconds(random, 0, 20));
            return victim;
        }
    },
    ALL_KILLED {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            for (String rack : NetworkSite.RACKS) {
                site.kill(rack);
            }
            return "";
        }
    },
    /** Shorter than the others take to notice, or longer than they wait. */
    UNPLUGGED {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            String victim = any(random);
            Duration away = random.nextBoolean() ? seconds(random, 1, 4) : seconds(random, 20, 35);
            site.hosts.unplug(victim);
            site.restartFor(away);
            site.hosts.heal(victim);
            return victim + " for " + away.toSeconds() + " s";
        }
    },
    /** Nobody reaches anybody: parts of one node each. */
    ALL_UNPLUGGED {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            Duration away = random.nextBoolean() ? seconds(random, 1, 4) : seconds(random, 20, 35);
            for (String rack : NetworkSite.RACKS) {
                site.hosts.unplug(rack);
            }
            site.restartFor(away);
            for (String rack : NetworkSite.RACKS) {
                site.hosts.heal(rack);
            }
            return "for " + away.toSeconds() + " s";
        }
    },
    DEAF {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            List<String> pair = two(random);
            Duration away = random.nextBoolean() ? seconds(random, 1, 4) : seconds(random, 20, 30);
            site.hosts.deafen(pair.get(0), pair.get(1));
            site.restartFor(away);
            site.hosts.heal(pair.get(0));
            return pair.get(0) + " does not hear " + pair.get(1) + " for " + away.toSeconds() + " s";
        }
    },
    FLAPPING {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            String victim = any(random);
            int times = 3 + random.nextInt(8);
            for (int i = 0; i < times; i++) {
                site.hosts.unplug(victim);
                site.restartFor(Duration.ofMillis(200 + random.nextInt(3_000)));
                site.hosts.plugAgain(victim);
                site.restartFor(Duration.ofMillis(200 + random.nextInt(2_000)));
            }
            return victim + " " + times + " times";
        }
    },
    SLOW {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            List<String> pair = two(random);
            Duration delay = Duration.ofMillis(100 + random.nextInt(900));
            String a = pair.get(0);
            String b = pair.get(1);
            try (SlowLink there = link(site, b, delay);
                    SlowLink back = link(site, a, delay)) {
                site.hosts.divert(a, b, site.clusterPort(b), there.port());
                site.hosts.divert(b, a, site.clusterPort(a), back.port());
                site.restartFor(seconds(random, 10, 20));
                site.hosts.heal(a);
                site.hosts.heal(b);
            }
            return a + " and " + b + ", " + delay.toMillis() + " ms each way";
        }

        private SlowLink link(NetworkSite site, String to, Duration delay) throws Exception {
            return new SlowLink(site.hosts.here(), site.hosts.address(to), site.clusterPort(to), delay);
        }
    },
    /** Forth, and back again; as far as a Rack goes on giving ids. */
    CLOCK_STEPPED {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            String victim = any(random);
            Duration by = Duration.ofMillis(random.nextInt(50_000) - 25_000);
            site.hosts.stepClock(victim, by);
            site.restartFor(seconds(random, 3, 8));
            site.hosts.stepClock(victim, Duration.ZERO);
            return victim + " by " + by.toMillis() + " ms";
        }
    },
    /** A rollout: one node after the other is stopped, gets the other build where there is one, and is started again. */
    ROLLED_OUT {
        @Override
        String strike(NetworkSite site, Random random) throws Exception {
            List<String> order = new ArrayList<>(NetworkSite.RACKS);
            Collections.shuffle(order, random);
            for (String rack : order) {
                site.stop(rack);
                site.hosts.install(rack);
                site.awaitTogether();
            }
            return order + ", " + site.hosts.build(order.getFirst()) + " build";
        }
    };

    /** Lets it happen and pass; tells whom it struck. */
    abstract String strike(NetworkSite site, Random random) throws Exception;

    private static String any(Random random) {
        return NetworkSite.RACKS.get(random.nextInt(NetworkSite.RACKS.size()));
    }

    private static List<String> two(Random random) {
        List<String> racks = new ArrayList<>(NetworkSite.RACKS);
        Collections.shuffle(racks, random);
        return racks.subList(0, 2);
    }

    private static Duration seconds(Random random, int from, int to) {
        return Duration.ofMillis(1_000L * from + random.nextInt(1_000 * (to - from)));
    }
}
