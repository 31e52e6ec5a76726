package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes of a site, each a process with a disk, a certificate and ports of its own; a node is called as its Rack. */
final class SiteProcesses implements AutoCloseable {
    private final Path folder;
    private final String site;
    private final List<String> seeds;
    private final Map<String, Program> running = new TreeMap<>();
    private final Map<String, Integer> cluster = new TreeMap<>();
    private final Map<String, Integer> api = new TreeMap<>();

    /** @param seeds nodes through which the others find the cluster */
    SiteProcesses(Path folder, String site, List<String> seeds) {
        this.folder = folder;
        this.site = site;
        this.seeds = seeds;
        succeeds("certs", "init", "--ca", ca(), "--site", site);
    }

    private String ca() {
        return folder.resolve("ca").toString();
    }

    private static void succeeds(String... command) {
        DemoTest.Ran ran = DemoTest.fluxrig(command);
        assertThat(ran.exit()).as(ran.err()).isZero();
    }

    /** A node that may take these roles, and trusts who signs with {@code release}; a data directory that is there is kept. */
    DataDir prepare(String rack, SigningKey release, String roles) throws IOException {
        DataDir directory = DataDir.openOrCreate(data(rack), Optional.of(site));
        Files.writeString(
                directory.trustDir().resolve("scenario/release.pem"),
                release.publicKey().pem());
        succeeds("certs", "issue", rack, "--ca", ca(), "--host", "127.0.0.1", "--role", roles, "--out", tls(rack));
        cluster.put(rack, LiveSwitch.freePort());
        api.put(rack, LiveSwitch.freePort());
        return directory;
    }

    /** By which the Mixer enrols it without asking; {@code root} is whose directory has the site's root key. */
    void ticket(String rack, String root) {
        succeeds("racks", "token", rack, "--data", data(root).toString(), "--out", ticket(rack));
    }

    Path data(String rack) {
        return folder.resolve(rack);
    }

    Path log(String rack) {
        return folder.resolve(rack + ".log");
    }

    private String tls(String rack) {
        return folder.resolve("tls-" + rack).toString();
    }

    private String ticket(String rack) {
        return folder.resolve(rack + ".ticket").toString();
    }

    String api(String rack) {
        return "http://127.0.0.1:" + api.get(rack);
    }

    /** @param settings besides those that every node needs */
    Program start(String rack, Map<String, String> settings, String... what) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(what));
        arguments.addAll(List.of("--name", rack, "--data", data(rack).toString()));
        Map<String, String> environment = new TreeMap<>(settings);
        environment.put("FLUXRIG_PROFILE", "cluster");
        environment.put("FLUXRIG_CLUSTER_HOST", "127.0.0.1");
        environment.put("FLUXRIG_CLUSTER_PORT", cluster.get(rack).toString());
        environment.put(
                "FLUXRIG_SEED_NODES",
                seeds.stream().map(seed -> "127.0.0.1:" + cluster.get(seed)).collect(Collectors.joining(",")));
        environment.put("FLUXRIG_MANAGEMENT_PORT", api.get(rack).toString());
        environment.put("FLUXRIG_TLS", tls(rack));
        environment.put("FLUXRIG_ENROL_TOKEN_FILE", ticket(rack));
        Program node = Program.start(log(rack), environment, arguments.toArray(String[]::new));
        running.put(rack, node);
        return node;
    }

    Program get(String rack) {
        return running.get(rack);
    }

    /** What it said last, for whoever reads that a test failed. */
    String last(String rack) {
        try {
            List<String> lines = Files.readAllLines(log(rack));
            return rack + ": " + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return rack + ": " + e.getMessage();
        }
    }

    @Override
    public void close() {
        running.values().forEach(Program::close);
    }
}
