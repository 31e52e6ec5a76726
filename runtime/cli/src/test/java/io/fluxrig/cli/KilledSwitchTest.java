package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.Cards;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A switch under load is killed again and again, terminals and schemes live on in processes of their own, and afterwards the books must balance. More kills:
 * {@code -Dswitch.kills=200}.
 */
class KilledSwitchTest {
    private static final int KILLS = Integer.getInteger("switch.kills", 20);
    private static final String RACK = "rack-a";

    @TempDir
    private Path folder;

    private int switchPort;
    private int alphaPort;
    private int betaPort;

    @Test
    void losesNothingAndSendsNothingTwiceHoweverOftenItIsKilled() throws Exception {
        long seed = Long.getLong("switch.seed", System.nanoTime());
        System.out.println("KilledSwitchTest seed " + seed + ", " + KILLS + " kills");
        Random chance = new Random(seed);
        Path data = folder.resolve("data");
        Path artifact = signedScenario(data);
        Path log = Files.createFile(folder.resolve("switch.log"));
        Path terminalLedger = folder.resolve("terminals.jsonl");
        try (Program alpha = scheme("alpha", alphaPort);
                Program beta = scheme("beta", betaPort);
                Program terminals = Program.start(
                        folder.resolve("terminals.log"),
                        "simulate",
                        "terminals",
                        "--connect",
                        "127.0.0.1:" + switchPort,
                        "--rate",
                        "100",
                        "--ledger",
                        terminalLedger.toString())) {
            for (int kill = 0; kill < KILLS; kill++) {
                long from = Files.size(log);
                // Only the first start names the scenario: afterwards it must come back by itself.
                try (Program running = run(log, data, kill == 0 ? Optional.of(artifact) : Optional.empty())) {
                    running.awaitText("runs; management", from);
                    Thread.sleep(300 + chance.nextInt(900)); // the moment of the kill is what varies
                    running.kill();
                }
            }
            long from = Files.size(log);
            try (Program last = run(log, data, Optional.empty())) {
                last.awaitText("runs; management", from);
                Thread.sleep(1500);
                assertThat(terminals.terminate()).as("terminals end cleanly").isZero();
                assertThat(last.terminate()).as("SIGTERM after a clean drain").isZero();
            }
            alpha.terminate();
            beta.terminate();
        }
        System.out.println("  " + Books.balance(folder, data, RACK, terminalLedger));
        cardNumbersAreNowhereInClear(data, log);
    }

    private void cardNumbersAreNowhereInClear(Path data, Path log) throws IOException {
        List<byte[]> needles = new ArrayList<>();
        for (String pan : Cards.all()) {
            needles.add(pan.getBytes(StandardCharsets.US_ASCII));
            needles.add(HexFormat.of().parseHex(pan));
        }
        List<Path> files = new ArrayList<>(List.of(log));
        try (Stream<Path> all = Files.walk(data)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            for (byte[] needle : needles) {
                assertThat(content.contains(new String(needle, StandardCharsets.ISO_8859_1)))
                        .as("a card number in " + file)
                        .isFalse();
            }
        }
    }

    private Path signedScenario(Path data) throws IOException {
        switchPort = freePort();
        alphaPort = freePort();
        betaPort = freePort();
        Path example = Program.HOME.resolve("examples/payment-switch");
        Path copy = Files.createDirectories(folder.resolve("scenario"));
        Files.createDirectories(copy.resolve("specs"));
        Files.copy(example.resolve("specs/payments.yaml"), copy.resolve("specs/payments.yaml"));
        Path yaml = Files.writeString(
                copy.resolve("scenario.yaml"),
                Files.readString(example.resolve("scenario.yaml"))
                        .replace("127.0.0.1:8583", "127.0.0.1:" + switchPort)
                        .replace("127.0.0.1:9001", "127.0.0.1:" + alphaPort)
                        .replace("127.0.0.1:9002", "127.0.0.1:" + betaPort));
        DataDir directory = DataDir.openOrCreate(data, Optional.of("kill.test"));
        SigningKey key = SigningKey.generate(new SecureRandom());
        Files.writeString(
                directory.trustDir().resolve("scenario").resolve("release.pem"),
                key.publicKey().pem());
        ScenarioFile.Linted linted =
                ScenarioFile.lint(yaml, GearTypes.load(getClass().getClassLoader()));
        byte[] artifact = ScenarioSigner.sign(
                linted.blueprint().orElseThrow(),
                GearJars.none(),
                directory,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_800_000_000L, Optional.empty()));
        return Files.write(folder.resolve("payment-switch.scenario"), artifact);
    }

    private Program scheme(String name, int port) throws IOException {
        return Program.start(
                folder.resolve(name + ".log"),
                "simulate",
                "scheme",
                "--listen",
                "127.0.0.1:" + port,
                "--name",
                name,
                "--ledger",
                folder.resolve(name + ".jsonl").toString());
    }

    private static Program run(Path log, Path data, Optional<Path> artifact) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        artifact.ifPresent(a -> arguments.add(a.toString()));
        arguments.addAll(List.of("--data", data.toString(), "--name", RACK, "--management-port", "0"));
        return Program.start(log, arguments.toArray(String[]::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
