package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.InDoubt;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.Cards;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
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
    private static final ObjectMapper JSON = new ObjectMapper();

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
        booksBalance(data, terminalLedger);
        cardNumbersAreNowhereInClear(data, log);
    }

    private void booksBalance(Path data, Path terminalLedger) throws IOException {
        RackFiles files = new RackFiles(data, RACK);
        Verdict verdict = AuditVerify.run(
                files, PinnedKeys.in(Optional.of(data.resolve("trust"))), Optional.empty(), leaves -> {});
        assertThat(verdict.problems()).as("audit verify").isEmpty();
        assertThat(verdict.counts().openSignals()).as("signals without an end").isZero();
        assertThat(verdict.counts().leaves()).as("the switch worked").isGreaterThan(1000);

        DataKeys keys = DataKeys.readOnly(files.dataKeys(), data.resolve("keys").resolve(RACK + ".kek"));
        InDoubt doubts = new InDoubt(keys);
        VaultReader.at(files.wal()).forEach(doubts::see);
        Set<String> vaultInDoubt = new HashSet<>();
        doubts.rows().forEach(row -> row.request().data().text("37").ifPresent(vaultInDoubt::add));

        Map<String, String> terminalSaw = new HashMap<>();
        for (JsonNode line : lines(terminalLedger)) {
            terminalSaw.put(line.path("rrn").asText(), line.path("outcome").asText());
        }
        List<String> seenTwice = new ArrayList<>();
        List<String> onlyTheSchemeKnows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String scheme : List.of("alpha", "beta")) {
            for (JsonNode line : lines(folder.resolve(scheme + ".jsonl"))) {
                String rrn = line.path("rrn").asText();
                if (!seen.add(line.path("mti").asText() + rrn)) {
                    seenTwice.add(rrn);
                }
                boolean told = terminalSaw.getOrDefault(rrn, "in-doubt").equals("approved");
                boolean approved = line.path("rc").asText().equals("00")
                        && line.path("answered").asBoolean();
                if (approved && !told && !vaultInDoubt.contains(rrn)) {
                    onlyTheSchemeKnows.add(rrn);
                }
                if (approved && !told) {
                    assertThat(terminalSaw.get(rrn))
                            .as("the terminal's own book about " + rrn)
                            .isEqualTo("in-doubt");
                }
            }
        }
        assertThat(seenTwice).as("requests that reached a scheme twice").isEmpty();
        assertThat(onlyTheSchemeKnows)
                .as("approvals that the vault does not list as in doubt")
                .isEmpty();
        assertThat(seen.size()).as("requests that reached the schemes").isGreaterThan(100);
        System.out.println("  " + verdict.counts().leaves() + " leaves, " + seen.size() + " requests at the schemes, "
                + vaultInDoubt.size() + " in doubt");

        ReplayReport replay = Replay.run(files, keys, GearTypes.load(getClass().getClassLoader()), leaves -> {});
        assertThat(replay.differences()).as("audit replay").isEmpty();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
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
