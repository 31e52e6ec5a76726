package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.FluxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F16 and F22 with real processes. More: {@code -Dwal.kills=1000}. */
class KillTest {
    private static final int KILLS = Integer.getInteger("wal.kills", 20);
    private static final long SEED = Long.getLong("wal.seed", 1);

    @TempDir
    Path dir;

    @Test
    void noAcknowledgedRecordIsLostWhenTheProcessIsKilled() throws Exception {
        Random random = new Random(SEED);
        long acknowledgedTotal = 0;
        long torn = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long acknowledged = runAndKill(1 + random.nextInt(300));
            acknowledgedTotal += acknowledged;
            torn += WalScan.check(dir).tornBytes() > 0 ? 1 : 0;
            long found = checkAfterRestart();
            assertThat(found).as("kill %d, seed %d", kill, SEED).isGreaterThanOrEqualTo(acknowledged);
            if (found > 20_000) {
                // Begin anew: the time to check a log grows with it.
                Logs.remove(dir);
            }
        }
        System.out.println(KILLS + " kills, seed " + SEED + ", highest acknowledged " + acknowledgedTotal / KILLS
                + " on average, torn tails " + torn);
    }

    /** @return the highest sequence number that the child saw acknowledged */
    private long runAndKill(int millisUnderLoad) throws Exception {
        Process child = child();
        long[] acknowledged = new long[1];
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(child, acknowledged, ready));
        reader.start();
        ready.get(30, TimeUnit.SECONDS);
        child.waitFor(millisUnderLoad, TimeUnit.MILLISECONDS);
        child.destroyForcibly().waitFor();
        reader.join();
        return acknowledged[0];
    }

    private Process child() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void read(Process child, long[] acknowledged, CompletableFuture<Void> ready) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The last line may be half a line: only whole ones count.
                if (line.endsWith(".")) {
                    acknowledged[0] = Long.parseLong(line.substring(0, line.length() - 1));
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IOException("the child ended before its first write"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private long checkAfterRestart() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            List<WalRecord> read = Logs.replay(wal, "a");
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i).sequenceNr()).isEqualTo(i + 1);
                assertThat(read.get(i).payload()).isEqualTo(Logs.payload("a", i + 1, Child.size(i + 1)));
            }
            return read.size();
        }
    }

    @Test
    void aSecondProcessIsRefused() throws Exception {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            // A lock of this process would be gone if anybody here opened and closed its file once more.
            assertThatThrownBy(() -> Wal.open(Logs.small(dir))).isInstanceOf(FluxException.class);
            assertThat(Wal.isInUse(dir)).isTrue();
            Process child = child();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(7);
            Logs.append(wal, Logs.writes("a", 1, 1, 10));
        }
        assertThat(Wal.isInUse(dir)).isFalse();
    }

    /** Appends until it is killed, and says what was acknowledged. */
    static final class Child {
        static int size(long n) {
            return (int) (n * 37 % 900);
        }

        public static void main(String[] args) {
            Wal wal;
            try {
                wal = Wal.open(Logs.small(Path.of(args[0])));
            } catch (FluxException held) {
                System.exit(held.code().category().exitCode());
                return;
            }
            long next = wal.highestSequenceNr("a") + 1;
            while (true) {
                List<CompletableFuture<Void>> inFlight = new ArrayList<>();
                for (int i = 0; i < 8; i++, next++) {
                    inFlight.add(wal.append(List.of(Logs.write("a", next, size(next))))
                            .toCompletableFuture());
                }
                CompletableFuture.allOf(inFlight.toArray(CompletableFuture[]::new))
                        .join();
                System.out.println(next - 1 + ".");
                System.out.flush();
            }
        }
    }
}
