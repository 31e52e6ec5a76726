package io.fluxrig.cli;

import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.InDoubt;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.node.NodeError;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.SchemeSim;
import io.fluxrig.simulate.TerminalPlan;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.simulate.TerminalStats;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The payment switch of the examples with two schemes and sixteen terminals, all real but in one process. */
final class Demo implements AutoCloseable {
    private static final String RACK = "rack-a";
    private static final int TERMINALS = 16;

    private final DataDir data;
    private final String scenario;
    private final SchemeSim alpha;
    private final SchemeSim beta;
    private final Node node;
    private final TerminalSim terminals;

    private Demo(DataDir data, String scenario, SchemeSim alpha, SchemeSim beta, Node node, TerminalSim terminals) {
        this.data = data;
        this.scenario = scenario;
        this.alpha = alpha;
        this.beta = beta;
        this.node = node;
        this.terminals = terminals;
    }

    static Demo start(Path directory, double rate, long seed, Duration whole, PrintWriter err) throws IOException {
        DataDir data = DataDir.openOrCreate(directory, Optional.empty());
        Path example = example();
        Spec spec = Specs.load(example.resolve("specs/payments.yaml")).orThrow();
        SchemeSim alpha = new SchemeSim("127.0.0.1", 0, "alpha", spec, Optional.empty()).start();
        SchemeSim beta = new SchemeSim("127.0.0.1", 0, "beta", spec, Optional.empty()).start();
        int port = freePort();
        Bytes artifact = sign(
                data,
                example,
                Map.of(
                        "127.0.0.1:8583",
                        "127.0.0.1:" + port,
                        "127.0.0.1:9001",
                        "127.0.0.1:" + alpha.port(),
                        "127.0.0.1:9002",
                        "127.0.0.1:" + beta.port()));
        String identity = SignedArtifact.parse(artifact.toArray(), Scenario.CONTENT_TYPE)
                .identity()
                .hex();
        err.println("payment-switch is signed: " + identity.substring(0, 16) + "...");
        Node node = Node.start(new Node.Settings(
                RACK,
                Map.of(),
                data,
                GearTypes.load(Demo.class.getClassLoader()),
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(artifact),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                Map.of()));
        try {
            node.awaitRunning(Duration.ofSeconds(60));
            awaitLinks(node);
        } catch (FluxException refused) {
            node.close();
            throw refused;
        }
        err.println("verified by " + RACK + " and running; metrics on http://127.0.0.1:" + node.managementPort()
                + "/metrics");
        err.flush();
        TerminalPlan plan = TerminalPlan.to("127.0.0.1", port)
                .terminals(TERMINALS)
                .rate(rate)
                .seed(seed)
                .duration(whole);
        return new Demo(data, identity, alpha, beta, node, new TerminalSim(plan, spec).start());
    }

    private static void awaitLinks(Node node) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (node.status().links().containsValue(false)) {
            if (System.nanoTime() > until) {
                throw new FluxException(
                        NodeError.START,
                        "a link did not come up: " + node.status().links());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** The example as it lies in the installation. */
    private static Path example() {
        Path example = Path.of(System.getProperty("fluxrig.home", "."))
                .resolve("examples")
                .resolve("payment-switch");
        if (!Files.isRegularFile(example.resolve("scenario.yaml"))) {
            throw new FluxException(CliError.INPUT, example + " is not here; run the command by its launcher");
        }
        return example;
    }

    /** One that the system gives to nobody by itself: it is listened on a second later. */
    private static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new FluxException(CliError.INPUT, "no port between 20000 and 30000 of 127.0.0.1 is free");
    }

    /** Signs the example with the demo's own key, with ports that are free here. */
    private static Bytes sign(DataDir data, Path example, Map<String, String> ports) throws IOException {
        Path keyFile = data.root().resolve("keys").resolve("demo.pem");
        if (!Files.exists(keyFile)) {
            SigningKey.generate(new SecureRandom()).writePem(keyFile);
        }
        Path pinned = data.trustDir().resolve("scenario").resolve("demo.pub.pem");
        Files.createDirectories(pinned.getParent());
        Files.copy(SigningKey.publicFile(keyFile), pinned, StandardCopyOption.REPLACE_EXISTING);
        Path copy = Files.createTempDirectory("fluxrig-scenario");
        try {
            Files.createDirectory(copy.resolve("specs"));
            Files.copy(example.resolve("specs/payments.yaml"), copy.resolve("specs/payments.yaml"));
            String yaml = Files.readString(example.resolve("scenario.yaml"));
            for (Map.Entry<String, String> port : ports.entrySet()) {
                yaml = yaml.replace(port.getKey(), port.getValue());
            }
            Path file = Files.writeString(copy.resolve("scenario.yaml"), yaml);
            ScenarioFile.Linted linted = ScenarioFile.lint(file, GearTypes.load(Demo.class.getClassLoader()));
            ScenarioSigner.Terms terms =
                    new ScenarioSigner.Terms(OptionalLong.empty(), Instant.now().getEpochSecond(), Optional.empty());
            return Bytes.wrap(ScenarioSigner.sign(
                    linted.blueprint()
                            .orElseThrow(() -> new FluxException(
                                    CliError.FINDINGS,
                                    linted.findings().getFirst().text())),
                    GearJars.none(),
                    data,
                    SigningKey.readPem(keyFile),
                    terms));
        } finally {
            try (Stream<Path> files = Files.walk(copy)) {
                files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        }
    }

    TerminalSim terminals() {
        return terminals;
    }

    /** One line for people: what happened since {@code before}. */
    String line(TerminalStats before, TerminalStats now) {
        long leaves = node.status().vault().map(v -> v.durable()).orElse(0L);
        return String.format(
                "%,6d/s   p50 %5.1f ms   p99 %6.1f ms   in flight %4d   vault %,9d leaves   approved %,d   declined %,d",
                now.answered() - before.answered(),
                now.p50Ms(),
                now.p99Ms(),
                now.open(),
                leaves,
                now.approved(),
                now.declined());
    }

    /** Lets everything under way end, stops the node, and verifies what it recorded. */
    DemoResult finish(PrintWriter err) throws InterruptedException {
        terminals.stop();
        err.println("waiting for the last answers");
        err.flush();
        terminals.await(Duration.ofSeconds(30));
        awaitLateReplies();
        TerminalStats stats = terminals.stats();
        long late = node.tap().gearTotal("late");
        node.close();
        err.println("verifying the vault");
        err.flush();
        RackFiles files = new RackFiles(data.root(), RACK);
        Verdict verdict =
                AuditVerify.run(files, PinnedKeys.in(Optional.of(data.trustDir())), Optional.empty(), leaves -> {});
        InDoubt doubts = new InDoubt(DataKeys.readOnly(data.rackDataKeys(RACK), data.kekFile(RACK)));
        VaultReader.at(files.wal()).forEach(doubts::see);
        return new DemoResult(stats, late, doubts.rows().size(), verdict, scenario, data.root());
    }

    /** A card that is answered late is answered some seconds after its request was given up. */
    private void awaitLateReplies() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(2));
    }

    @Override
    public void close() {
        terminals.close();
        node.close();
        alpha.close();
        beta.close();
    }
}
