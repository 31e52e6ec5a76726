package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.ErrorCode.Category;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** F11 to F15, F17 and F18 on a simulated disk. More seeds: {@code -Dwal.powercuts=10000}; one again: {@code -Dwal.seed=n}. */
class PowerCutTest {
    private static final int SEEDS = Integer.getInteger("wal.powercuts", 300);
    private static final Long ONE_SEED = Long.getLong("wal.seed");

    @Test
    void noAcknowledgedRecordIsLostInAPowerCut() throws Exception {
        forEachSeed(PowerCutTest::powerCuts);
    }

    @Test
    void anErrorOfTheDiskNeverLosesWhatWasAcknowledged() throws Exception {
        forEachSeed(PowerCutTest::errors);
    }

    @Test
    void aFullDiskHoldsWritesAndLosesNothing() throws Exception {
        forEachSeed(PowerCutTest::fullDisk);
    }

    @Test
    void aDiskThatLiesAboutForcingIsNoticed() throws Exception {
        int[] refusals = new int[1];
        forEachSeed(seed -> refusals[0] += lyingDisk(seed));
        assertThat(refusals[0]).isPositive();
    }

    private interface Run {
        void with(long seed) throws Exception;
    }

    private static void forEachSeed(Run run) throws Exception {
        long from = ONE_SEED == null ? 1 : ONE_SEED;
        long to = ONE_SEED == null ? SEEDS : ONE_SEED;
        for (long seed = from; seed <= to; seed++) {
            try {
                run.with(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("again with -Dwal.seed=" + seed, e);
            }
        }
    }

    private static void powerCuts(long seed) throws IOException {
        Random random = new Random(seed);
        SimFileSys fs = new SimFileSys(random);
        SimLog log = new SimLog(fs, random);
        for (int epoch = 0; epoch < 6; epoch++) {
            // Early ones hit recovery itself, also a recovery from a cut recovery.
            fs.faultAfter(random.nextInt(random.nextBoolean() ? 60 : 600), SimFileSys.Fault.POWER_CUT);
            try {
                log.open();
                for (int i = 0; i < 40; i++) {
                    log.appendSome();
                }
                log.close();
                fs.restarted();
                continue;
            } catch (SimFileSys.PowerCut | CompletionException e) {
                fs.powerOn();
            }
        }
        log.open();
    }

    private static void errors(long seed) throws IOException {
        Random random = new Random(seed);
        SimFileSys fs = new SimFileSys(random);
        SimLog log = new SimLog(fs, random);
        for (int epoch = 0; epoch < 6; epoch++) {
            fs.faultAfter(random.nextInt(random.nextBoolean() ? 60 : 600), SimFileSys.Fault.EIO);
            try {
                log.open();
                for (int i = 0; i < 40; i++) {
                    log.appendSome();
                }
                log.close();
                fs.restarted();
            } catch (IOException | FluxException e) {
                if (random.nextBoolean()) {
                    fs.powerOn();
                } else {
                    fs.restarted();
                }
            }
        }
        log.open();
    }

    private static void fullDisk(long seed) throws IOException {
        Random random = new Random(seed);
        SimFileSys fs = new SimFileSys(random);
        SimLog log = new SimLog(fs, random);
        log.open();
        for (int epoch = 0; epoch < 8; epoch++) {
            fs.faultAfter(random.nextInt(200), SimFileSys.Fault.NO_SPACE);
            for (int i = 0; i < 15; i++) {
                log.appendSome();
            }
            fs.noFault();
            fs.spaceReturns();
        }
        int before = log.acknowledged();
        log.close();
        fs.restarted();
        log.open();
        assertThat(log.acknowledged()).isEqualTo(before);
    }

    /** @return 1 where the start was refused, 0 where nothing had been lost */
    private static int lyingDisk(long seed) throws IOException {
        Random random = new Random(seed);
        SimFileSys fs = new SimFileSys(random);
        SimLog log = new SimLog(fs, random, true);
        log.open();
        fs.liesAbout(name -> name.endsWith(".seg"));
        // Few enough to stay in one segment at times: then nothing but the watermark can tell.
        for (int i = 1 + random.nextInt(10); i > 0; i--) {
            log.appendSome();
        }
        log.close();
        fs.powerOn();
        try {
            log.open();
            return 0;
        } catch (FluxException refused) {
            assertThat(refused.code().category()).isEqualTo(Category.HELD);
            return 1;
        }
    }
}
