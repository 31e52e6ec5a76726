package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Mixer moves: its node dies, freezes, or loses the database, and nobody notices but who looks at the epoch. */
class MixerFailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** {@code -Dfluxrig.outage=10m} is what operators fear. */
    private static final Duration OUTAGE = outage();

    @TempDir
    private Path folder;

    private static Duration outage() {
        String text = System.getProperty("fluxrig.outage", "12s");
        return Duration.parse("PT" + text.toUpperCase());
    }

    private static SharedSite running(Path folder) throws Exception {
        SharedSite site = new SharedSite(folder);
        Path first = site.sign(1, "info");
        // The first of the seed nodes founds the cluster, and so is its oldest member, where the Mixer sits.
        site.start("rack-a", first.toString()).awaitText("rack-a runs", 0);
        site.start("rack-b", first.toString());
        site.start("rack-c", first.toString());
        site.awaitRacks("rack-c", 3);
        assertThat(site.epoch()).isEqualTo(1);
        return site;
    }

    @Test
    void anotherNodeTakesOverWhatTheMixerKnew() throws Exception {
        try (SharedSite site = running(folder)) {
            Path next = site.sign(2, "warn");
            assertThat(site.ask(
                                    "operator",
                                    "rack-b",
                                    "scenario",
                                    "push",
                                    next.toString(),
                                    "--data",
                                    site.data("rack-a").toString())
                            .exit())
                    .isZero();
            DemoTest.Ran activated = site.ask("operator", "rack-b", "scenario", "activate", next.toString());
            assertThat(activated.exit()).as(activated.err() + activated.out()).isZero();
            site.send("rack-a", "before");
            site.send("rack-c", "before");
            site.awaitKnown("rack-a", "rack-b", 1);
            site.awaitKnown("rack-c", "rack-b", 1);

            site.node("rack-a").kill();
            long killed = System.nanoTime();
            Awaitility.await("a successor")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> site.epoch() == 2);
            System.out.printf("machine lost: another Mixer began after %.1f s%n", (System.nanoTime() - killed) / 1e9);
            site.awaitRacks("rack-b", 2);
            assertThat(site.known("rack-a", "rack-c")).isEqualTo(1);
            DemoTest.Ran history = site.ask("auditor", "rack-c", "scenario", "history");
            assertThat(history.out()).contains("serial 2").contains("rack-a");

            // Who comes new gets what nobody had; who comes back is who it was, and is told what it missed.
            site.start("rack-d", folder.resolve("v1.scenario").toString());
            site.awaitRacks("rack-b", 3);
            int before = site.machine("rack-a");
            site.start("rack-a");
            site.awaitRacks("rack-b", 4);
            assertThat(site.machine("rack-a")).isEqualTo(before);
            assertThat(SharedSite.RACKS.stream().map(rack -> machine(site, rack)))
                    .doesNotHaveDuplicates();
            Awaitility.await("rack-d runs what the others run")
                    .atMost(PATIENCE)
                    .until(() -> Stream.of(site.status("rack-b").path("racks"))
                            .flatMap(racks -> racks.findValues("serial").stream())
                            .allMatch(serial -> serial.asLong() == 2));

            databaseAwayWhileSignalsFlow(site);
            for (String rack : SharedSite.RACKS) {
                assertThat(site.node(rack).terminate()).as(rack).isZero();
                DemoTest.Ran verified = DemoTest.fluxrig(
                        "audit", "verify", "--data", site.data(rack).toString());
                assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
            }
        }
    }

    /** Traffic does not notice, the operator is told, and everything is caught up with. */
    private static void databaseAwayWhileSignalsFlow(SharedSite site) throws Exception {
        site.stopPostgres();
        int sent = 0;
        long until = System.nanoTime() + OUTAGE.toNanos();
        while (System.nanoTime() < until) {
            long began = System.nanoTime();
            site.send("rack-c", "meanwhile " + sent++);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            if (sent == 1) {
                assertThat(site.ask("auditor", "rack-b", "status").out()).contains("FLX-6072");
            }
            Thread.sleep(Math.max(100, OUTAGE.toMillis() / 500));
        }
        assertThat(site.status("rack-c").path("ready").asBoolean()).isTrue();
        site.startPostgres();
        long back = System.nanoTime();
        site.awaitKnown("rack-c", "rack-b", sent + 1);
        System.out.printf(
                "database away for %s: %d signals were caught up with %.1f s after it was back%n",
                OUTAGE, sent, (System.nanoTime() - back) / 1e9);
        site.awaitRacks("rack-b", 4);
    }

    @Test
    void aMixerThatWakesAfterItsSuccessorBeganIsNotBelieved() throws Exception {
        try (SharedSite site = running(folder)) {
            site.node("rack-a").freeze();
            Awaitility.await("a successor").atMost(PATIENCE).until(() -> site.epoch() == 2);
            site.awaitRacks("rack-b", 2);
            site.node("rack-a").thaw();
            assertThat(site.node("rack-a").awaitEnd()).isNotZero();
            assertThat(site.node("rack-a").printedSince(0)).contains("FLX-6070");

            // It began nothing, and the one that replaced it still speaks.
            assertThat(site.epoch()).isEqualTo(2);
            assertThat(events(site)).isEqualTo(site.number("SELECT count(*) FROM event_journal"));
            site.awaitRacks("rack-c", 2);
            site.start("rack-a");
            site.awaitRacks("rack-c", 3);
            assertThat(site.epoch()).isEqualTo(2);
            assertThat(List.of(site.machine("rack-a"), site.machine("rack-b"), site.machine("rack-c")))
                    .doesNotHaveDuplicates();
        }
    }

    /** Numbers without a hole: nobody wrote beside the last of them. */
    private static long events(SharedSite site) throws SQLException {
        return site.number("SELECT max(sequence_number) FROM event_journal");
    }

    private static int machine(SharedSite site, String rack) {
        try {
            return site.machine(rack);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
