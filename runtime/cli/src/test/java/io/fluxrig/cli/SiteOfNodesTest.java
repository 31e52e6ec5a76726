package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site of three processes, each with a disk and a certificate of its own, as operators start it. */
class SiteOfNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> RACKS = List.of("rack-a", "rack-b", "rack-c");

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private SiteProcesses nodes;
    private final Map<String, Integer> doors = new HashMap<>();

    @AfterEach
    void end() {
        nodes.close();
    }

    private Path data(String rack) {
        return nodes.data(rack);
    }

    private byte[] sign(long serial, String level) throws IOException {
        Path yaml = Files.writeString(
                folder.resolve("scenario.yaml"),
                "meta: { name: fleet, version: 1.0.0 }\n"
                        + "racks: [{ name: rack-a }, { name: rack-b }, { name: rack-c }]\n"
                        + "gears:\n  - { name: sink, type: log, config: { level: " + level + " } }\n"
                        + RACKS.stream().map(this::door).collect(Collectors.joining())
                        + "wires:\n"
                        + RACKS.stream()
                                .map(rack -> "  - { from: door-" + rack + ".out, to: sink.in, lane: guaranteed }\n"
                                        + "  - { from: door-" + rack + ".error, to: sink.in, lane: guaranteed }\n")
                                .collect(Collectors.joining()));
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                DataDir.openOrCreate(data("rack-a"), Optional.empty()),
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty()));
    }

    /** Signals come in at each Rack. */
    private String door(String rack) {
        return "  - { name: door-" + rack + ", type: tcp-server, deploy: " + rack + ", config: { listen: \"127.0.0.1:"
                + doors.get(rack) + "\" } }\n";
    }

    /** One authority, one root: what an operator prepares once. */
    private Path prepare() throws IOException {
        nodes = new SiteProcesses(folder, "fleet.test", List.of("rack-a", "rack-b"));
        for (String rack : RACKS) {
            DataDir directory = nodes.prepare(rack, key, rack.equals("rack-a") ? "mixer,rack" : "rack");
            Files.copy(
                    data("rack-a").resolve("trust/root/root.pub.pem"),
                    directory.trustDir().resolve("root/site.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            // One Rack is let in by hand.
            if (!rack.equals("rack-c")) {
                nodes.ticket(rack, "rack-a");
            }
            doors.put(rack, LiveSwitch.freePort());
        }
        DemoTest.Ran token = DemoTest.fluxrig(
                "api", "token", "--name", "vera", "--role", "auditor", "--tokens", tokens().toString());
        Files.writeString(token(), token.out());
        DemoTest.Ran operator = DemoTest.fluxrig(
                "api", "token", "--name", "olga", "--role", "operator", "--tokens", tokens().toString());
        Files.writeString(folder.resolve("olga.token"), operator.out());
        return Files.write(folder.resolve("v1.scenario"), sign(1, "info"));
    }

    /** Who may ask is the same on every node. */
    private Path tokens() {
        return folder.resolve("tokens");
    }

    private Path token() {
        return folder.resolve("vera.token");
    }

    private String api(String rack) {
        return nodes.api(rack);
    }

    private void start(String rack, String... more) throws IOException {
        nodes.start(rack, Map.of("FLUXRIG_API_TOKENS", tokens().toString()), more);
    }

    private void stop(String rack) throws Exception {
        int exit = nodes.get(rack).terminate();
        assertThat(exit).as(() -> nodes.last(rack)).isZero();
    }

    private JsonNode status(String rack) throws IOException {
        DemoTest.Ran ran = ask("status", "--api", api(rack), "--json");
        return ran.exit() == 0 ? ran.json() : MissingNode.getInstance();
    }

    /** What a node says of itself, for which it needs nobody else. */
    private JsonNode node(String rack) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api(rack) + "/api/v1/node"))
                .header("Authorization", "Bearer " + Files.readString(token()).strip())
                .build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body());
    }

    private DemoTest.Ran ask(String... question) {
        return asking(token(), question);
    }

    private static DemoTest.Ran asking(Path token, String... question) {
        List<String> all = new ArrayList<>(List.of(question));
        all.addAll(List.of("--token-file", token.toString()));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    private void await(String rack, Predicate<JsonNode> fact) {
        Awaitility.await("'" + rack + "' in " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> fact.test(status(rack)));
    }

    @Test
    void racksOfSeveralNodesHaveOneMixer() throws Exception {
        Path first = prepare();
        for (String rack : RACKS) {
            start(rack, first.toString());
        }
        anOperatorLetsTheThirdIn();
        await(
                "rack-c",
                status -> status.path("racks").size() == 3
                        && status.path("members").size() == 3);
        assertThat(RACKS.stream().map(this::machine)).doesNotHaveDuplicates();

        // A change goes out over any node, and reaches all.
        Path next = Files.write(folder.resolve("v2.scenario"), sign(2, "warn"));
        Path operator = folder.resolve("olga.token");
        DemoTest.Ran pushed = asking(
                operator,
                "scenario",
                "push",
                next.toString(),
                "--api",
                api("rack-b"),
                "--data",
                data("rack-a").toString());
        assertThat(pushed.exit()).as(pushed.err()).isZero();
        DemoTest.Ran activated =
                asking(operator, "scenario", "activate", next.toString(), "--api", api("rack-b"), "--json");
        assertThat(activated.exit()).as(activated.err() + activated.out()).isZero();
        assertThat(activated.json().path("racks")).hasSize(3);

        signalsOfAllRacksAreFoundFromAnyNode();
        aSuspendedRackStopsUntilItIsApproved();
        aRackWhoseNodeDiedIsNotHere();

        // Without the Mixer's node the Racks work on, also over a restart. Two of three nodes remain, so they part from
        // it and stay.
        nodes.get("rack-a").kill();
        Awaitility.await("rack-b parts from a member that is gone")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> node("rack-b").path("members").size() == 2);
        stop("rack-c");
        long before = Files.size(nodes.log("rack-c"));
        start("rack-c");
        nodes.get("rack-c").awaitText("rack-c runs", before);

        // It comes back to the cluster that is there, and knows everybody again.
        start("rack-a");
        await("rack-b", status -> status.path("racks").size() == 3 && reachable(status) == 3);
        for (String rack : RACKS) {
            stop(rack);
            DemoTest.Ran verified =
                    DemoTest.fluxrig("audit", "verify", "--data", data(rack).toString());
            assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        }
        aNodeThatWasAMemberFoundsNoClusterUnlessItIsTold();
    }

    /** The others may live behind a cut. Its Rack works all the same. */
    private void aNodeThatWasAMemberFoundsNoClusterUnlessItIsTold() throws Exception {
        long before = Files.size(nodes.log("rack-a"));
        start("rack-a");
        nodes.get("rack-a").awaitText("rack-a runs", before);
        Awaitility.await("rack-a stays alone")
                .during(Duration.ofSeconds(12))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> node("rack-a").path("members").isEmpty());
        assertThat(ask("status", "--api", api("rack-a")).out())
                .contains("no cluster: ", "FLX-6078", "it has looked for 127.0.0.1:", "fluxrig run --bootstrap");
        stop("rack-a");
        start("rack-a", "--bootstrap");
        Awaitility.await("rack-a is told that there are no others")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> reachable(node("rack-a")) == 1);
        stop("rack-a");
    }

    /** The Mixer, on another node, says so as soon as the others have parted with it, and asks it for nothing more. */
    private void aRackWhoseNodeDiedIsNotHere() throws Exception {
        nodes.get("rack-c").kill();
        await(
                "rack-b",
                status -> status.path("racks").size() == 2
                        && status.path("away").toString().equals("[\"rack-c\"]"));
        assertThat(ask("status", "--api", api("rack-b")).out())
                .contains("rack-c is not here; a pinned Rack waits for its node");
        assertThat(ask("racks", "show", "rack-c", "--api", api("rack-b")).out())
                .contains("FLUXRIG_RACK=rack-c FLUXRIG_DATA=DIR fluxrig run");
        Path later = Files.write(folder.resolve("v3.scenario"), sign(3, "info"));
        DemoTest.Ran planned = asking(
                folder.resolve("olga.token"), "scenario", "plan", later.toString(), "--api", api("rack-b"), "--json");
        assertThat(planned.json().path("racks").findValuesAsText("rack"))
                .as(planned.out() + planned.err())
                .containsExactly("rack-a", "rack-b");
        long before = Files.size(nodes.log("rack-c"));
        start("rack-c");
        nodes.get("rack-c").awaitText("rack-c runs", before);
        await("rack-b", status -> status.path("racks").size() == 3 && reachable(status) == 3);
    }

    /** It has no ticket: it waits, and says for whom. */
    private void anOperatorLetsTheThirdIn() throws Exception {
        nodes.get("rack-c").awaitText("waits for 'fluxrig racks approve rack-c'", 0);
        DemoTest.Ran approved =
                asking(folder.resolve("olga.token"), "racks", "approve", "rack-c", "--api", api("rack-b"), "--json");
        assertThat(approved.exit()).as(approved.err()).isZero();
        assertThat(approved.json().path("standing").asText()).isEqualTo("approved");
        nodes.get("rack-c").awaitText("rack-c runs", 0);
    }

    /** Whoever is suspended stops, and a start of its node waits for an operator too. */
    private void aSuspendedRackStopsUntilItIsApproved() throws Exception {
        DemoTest.Ran denied = ask("racks", "suspend", "rack-c", "--reason", "lost", "--api", api("rack-b"));
        assertThat(denied.exit()).as("an auditor may not").isNotZero();
        Path olga = folder.resolve("olga.token");
        DemoTest.Ran suspended =
                asking(olga, "racks", "suspend", "rack-c", "--reason", "lost in transit", "--api", api("rack-b"));
        assertThat(suspended.exit()).as(suspended.err()).isZero();
        assertThat(nodes.get("rack-c").awaitEnd()).as(nodes.last("rack-c")).isEqualTo(7);
        assertThat(nodes.last("rack-c"))
                .contains("FLX-6088")
                .contains("suspended by olga")
                .contains("lost in transit");
        long before = Files.size(nodes.log("rack-c"));
        start("rack-c");
        nodes.get("rack-c").awaitText("not enrolled: suspended by olga", before);
        assertThat(asking(olga, "racks", "approve", "rack-c", "--api", api("rack-b"))
                        .exit())
                .isZero();
        nodes.get("rack-c").awaitText("rack-c runs", before);
        assertThat(ask("racks", "list", "--api", api("rack-b")).out())
                .contains("rack-c")
                .doesNotContain("suspended");
        await("rack-b", status -> reachable(status) == 3);
    }

    /** The Mixer is on rack-a's node: facts from the others come over the network, and so does what a signal of theirs holds. */
    private void signalsOfAllRacksAreFoundFromAnyNode() throws Exception {
        for (String rack : RACKS) {
            send(doors.get(rack), "signal of " + rack);
        }
        Awaitility.await("signals of all Racks are known")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> signalOf("rack-a").isPresent()
                        && signalOf("rack-b").isPresent()
                        && signalOf("rack-c").isPresent());
        String id = signalOf("rack-c").orElseThrow();
        DemoTest.Ran shown =
                ask("signals", "show", id, "--detail", "--reason", "dispute 7", "--api", api("rack-b"), "--json");
        assertThat(shown.exit()).as(shown.err()).isZero();
        JsonNode detail = shown.json().path("detail").path(0);
        assertThat(detail.path("rack").asText()).isEqualTo("rack-c");
        assertThat(detail.path("leaves").path(0).path("kind").asText()).isEqualTo("ingress");
        // The Rack that has it has recorded who looked, and no other.
        assertThat(controls("rack-c"))
                .contains("event=reveal")
                .contains("who=vera")
                .contains("dispute 7");
        assertThat(controls("rack-b")).doesNotContain("event=reveal");

        // Away, it says so within a bounded time, and what the Mixer knows is told all the same.
        stop("rack-c");
        DemoTest.Ran away = ask("signals", "show", id, "--detail", "--api", api("rack-b"));
        assertThat(away.exit()).as(away.out()).isEqualTo(1);
        assertThat(away.err()).contains("FLX-6062").contains("rack-c");
        assertThat(away.out()).contains(id).contains("outcome");
        long before = Files.size(nodes.log("rack-c"));
        start("rack-c");
        nodes.get("rack-c").awaitText("rack-c runs", before);
        await("rack-b", status -> reachable(status) == 3);
    }

    private Optional<String> signalOf(String rack) throws IOException {
        DemoTest.Ran listed = ask("signals", "list", "--rack", rack, "--api", api("rack-b"), "--json");
        return listed.exit() != 0
                ? Optional.empty()
                : listed.json().path("signals").findValuesAsText("id").stream().findFirst();
    }

    private String controls(String rack) {
        return DemoTest.fluxrig(
                        "audit",
                        "list",
                        "--kind",
                        "control",
                        "--data",
                        data(rack).toString())
                .out();
    }

    private static void send(int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(new byte[] {0, (byte) bytes.length});
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
    }

    private static long reachable(JsonNode status) {
        long count = 0;
        for (JsonNode member : status.path("members")) {
            count += member.path("reachable").asBoolean()
                            && member.path("status").asText().equals("up")
                    ? 1
                    : 0;
        }
        return count;
    }

    private int machine(String rack) {
        try {
            byte[] file = Files.readAllBytes(data(rack).resolve("racks/" + rack + "/passport.cose"));
            return Passport.verify(file, Trust.load(data(rack).resolve("trust")).root())
                    .machines()
                    .getFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
