package io.fluxrig.benchmarks.racks;

import com.typesafe.config.ConfigFactory;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/**
 * What a Rack costs that has nothing to do: memory of the process (resident) and heap after a collection, threads, and processor time in 10 s, for each of N Racks in one process.
 * Peer: as many bare event-sourced actors over the in-memory journal, the least that anything with a memory of its own costs on this platform.
 */
public final class IdleRacks {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private IdleRacks() {}

    private record Use(long resident, long heap, int threads, long cpu) {
        static Use now() throws Exception {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(500);
            }
            long before = cpuNanos();
            Thread.sleep(10_000);
            return new Use(
                    residentNow(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    cpuNanos() - before);
        }

        private static long cpuNanos() {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                    .getProcessCpuTime();
        }

        private static long residentNow() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        }

        void print(String what, Use before, int count) {
            System.out.printf(
                    "%-22s %,8.0f kB resident  %,8.0f kB heap  %5.2f threads  %5.2f ms of CPU a second, each of %,d%n",
                    what,
                    (resident - before.resident) / 1024.0 / count,
                    (heap - before.heap) / 1024.0 / count,
                    (double) (threads - before.threads) / count,
                    (cpu - before.cpu) / 1e7 / count,
                    count);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int racks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        if (arguments.length > 1) {
            actors(racks);
        } else {
            racks(racks);
        }
        System.exit(0);
    }

    private static void racks(int count) throws Exception {
        Path folder = Files.createTempDirectory("idle-racks");
        SigningKey key = SigningKey.generate(new SecureRandom());
        DataDir data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("idle.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        GearTypes types = GearTypes.load(IdleRacks.class.getClassLoader());
        Path yaml = Files.writeString(
                folder.resolve("scenario.yaml"),
                "meta: { name: idle, version: 1.0.0 }\n"
                        + "racks: [{ name: rack-0 }, { labels: { zone: north } }]\n"
                        + "gears:\n"
                        + "  - { name: sink, type: log, config: { level: info } }\n"
                        + "  - { name: far, type: log, deploy: zone=north, config: { level: info } }\n");
        byte[] artifact = ScenarioSigner.sign(
                ScenarioFile.lint(yaml, types).blueprint().orElseThrow(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
        Node node = Node.start(new Node.Settings(
                "rack-0",
                Map.of(),
                data,
                types,
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(Bytes.wrap(artifact)),
                "127.0.0.1",
                OptionalInt.empty(),
                Clock.systemUTC(),
                Map.of()));
        node.awaitRunning(PATIENCE);
        node.host("warm", Map.of("zone", "north")).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Use before = Use.now();
        for (int i = 1; i <= count; i++) {
            node.host("rack-" + i, Map.of("zone", "north")).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (i % 100 == 0) {
                System.err.println(i + " of " + count + " Racks run");
            }
        }
        Use.now().print("Rack", before, count);
    }

    private static void actors(int count) throws Exception {
        ActorSystem<Integer> system = ActorSystem.create(
                Behaviors.setup(context -> Behaviors.receiveMessage(i -> {
                    context.spawn(Bare.create("bare-" + i), "bare-" + i).tell("one");
                    return Behaviors.same();
                })),
                "bare",
                ConfigFactory.parseString("pekko.persistence.journal.plugin = \"pekko.persistence.journal.inmem\"")
                        .withFallback(ConfigFactory.load()));
        system.tell(0);
        Use before = Use.now();
        for (int i = 1; i <= count; i++) {
            system.tell(i);
        }
        Use.now().print("event-sourced actor", before, count);
    }

    /** Remembers the last thing that it was told. */
    private static final class Bare extends EventSourcedBehavior<String, String, String> {
        private Bare(String id) {
            super(PersistenceId.ofUniqueId(id));
        }

        static Behavior<String> create(String id) {
            return new Bare(id);
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<String, String, String> commandHandler() {
            return (state, command) -> Effect().persist(command);
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return (state, event) -> event;
        }
    }
}
