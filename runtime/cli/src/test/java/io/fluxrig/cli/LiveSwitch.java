package io.fluxrig.cli;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.SchemeSim;
import io.fluxrig.simulate.TerminalPlan;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** The payment switch of the examples in this process, with real sockets all around, whose scenario can be changed while it works. */
final class LiveSwitch implements AutoCloseable {
    static final String RACK = "rack-a";

    final Path folder;
    final DataDir data;
    final SigningKey key = SigningKey.generate(new SecureRandom());
    final int port;
    final SchemeSim alpha;
    final SchemeSim beta;
    final Node node;
    private final Spec spec;
    private long serial;

    private LiveSwitch(Path folder, Map<String, String> overrides, UnaryOperator<String> change) throws IOException {
        this.folder = folder;
        Path example = Program.HOME.resolve("examples/payment-switch");
        spec = Specs.load(example.resolve("specs/payments.yaml")).orThrow();
        Files.createDirectories(folder.resolve("scenario/specs"));
        Files.copy(example.resolve("specs/payments.yaml"), folder.resolve("scenario/specs/payments.yaml"));
        alpha = new SchemeSim("127.0.0.1", 0, "alpha", spec, Optional.of(folder.resolve("alpha.jsonl"))).start();
        beta = new SchemeSim("127.0.0.1", 0, "beta", spec, Optional.of(folder.resolve("beta.jsonl"))).start();
        port = freePort();
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("swap.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        node = Node.start(new Node.Settings(
                RACK,
                Map.of(),
                data,
                types(),
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(Bytes.wrap(Files.readAllBytes(sign(change)))),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                overrides));
        node.awaitRunning(Duration.ofSeconds(60));
        Awaitility.await().until(() -> !node.status().links().containsValue(false));
    }

    static LiveSwitch start(Path folder) throws IOException {
        return start(folder, Map.of(), text -> text);
    }

    /** With settings of the node and a changed scenario. */
    static LiveSwitch start(Path folder, Map<String, String> overrides, UnaryOperator<String> change)
            throws IOException {
        return new LiveSwitch(folder, overrides, change);
    }

    static GearTypes types() {
        return GearTypes.load(LiveSwitch.class.getClassLoader());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    TerminalSim terminals(int number, double rate, Path ledger) {
        TerminalPlan plan = TerminalPlan.to("127.0.0.1", port)
                .terminals(number)
                .rate(rate)
                .duration(Duration.ofHours(1))
                .ledger(ledger);
        return new TerminalSim(plan, spec).start();
    }

    /** The example's scenario with changes, signed under the next serial. */
    Path sign(UnaryOperator<String> change) throws IOException {
        return sign(++serial, change);
    }

    Path sign(long under, UnaryOperator<String> change) throws IOException {
        String text = Files.readString(Program.HOME.resolve("examples/payment-switch/scenario.yaml"))
                .replace("127.0.0.1:8583", "127.0.0.1:" + port)
                .replace("127.0.0.1:9001", "127.0.0.1:" + alpha.port())
                .replace("127.0.0.1:9002", "127.0.0.1:" + beta.port());
        Path yaml = Files.writeString(folder.resolve("scenario/scenario.yaml"), change.apply(text));
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, types());
        byte[] artifact = ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(under), 1_700_000_000L + under, Optional.empty()));
        return Files.write(folder.resolve("v" + under + ".scenario"), artifact);
    }

    String api() {
        return "http://127.0.0.1:" + node.managementPort();
    }

    /** A frame that cannot be read comes in by a connection of its own. */
    void receives(String frame) throws IOException {
        byte[] bytes = frame.getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(new byte[] {0, (byte) bytes.length});
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
    }

    /** By the command, as an operator does it. */
    DemoTest.Ran scenario(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "scenario";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--api";
        all[all.length - 1] = api();
        return DemoTest.fluxrig(all);
    }

    void pushAndActivate(Path artifact) {
        DemoTest.Ran pushed =
                scenario("push", artifact.toString(), "--data", data.root().toString());
        DemoTest.Ran activated = scenario("activate", artifact.toString());
        if (pushed.exit() != 0 || activated.exit() != 0) {
            throw new AssertionError(pushed.out() + pushed.err() + activated.out() + activated.err());
        }
    }

    @Override
    public void close() {
        node.close();
        alpha.close();
        beta.close();
    }
}
