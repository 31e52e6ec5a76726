package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes of a site, each a process with a disk, a certificate and ports of its own; a node is called as its Rack. */
final class SiteProcesses implements AutoCloseable {
    private final Machines machines;
    private final Path folder;
    private final String site;
    private final List<String> seeds;
    private final Map<String, Program> running = new TreeMap<>();
    private final Map<String, Integer> cluster = new TreeMap<>();
    private final Map<String, Integer> api = new TreeMap<>();

    /** @param seeds nodes through which the others find the cluster */
    SiteProcesses(Path folder, String site, List<String> seeds) {
        this(Machines.THIS_ONE, folder, site, seeds);
    }

    SiteProcesses(Machines machines, Path folder, String site, List<String> seeds) {
        this.machines = machines;
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
        certify(rack, roles);
        cluster.put(rack, LiveSwitch.freePort());
        api.put(rack, LiveSwitch.freePort());
        return directory;
    }

    /** A certificate for a node, or for a person; where it lies. */
    String certify(String name, String roles) {
        succeeds(
                "certs",
                "issue",
                name,
                "--ca",
                ca(),
                "--host",
                machines.address(name),
                "--role",
                roles,
                "--out",
                tls(name));
        return tls(name);
    }

    /** A node that may be the Mixer: beside its certificate it has the keys with which all of them sign, those of {@code first}. */
    void prepareMixer(String rack, SigningKey release, String first) throws IOException {
        prepare(rack, release, "mixer,rack");
        Path keys = data(first).resolve("keys");
        if (rack.equals(first)) {
            SigningKey.generate(new SecureRandom()).writePem(keys.resolve("mixer.pem"));
        }
        for (String key : List.of("root.pem", "mixer.pem")) {
            Files.copy(keys.resolve(key), Path.of(tls(rack)).resolve(key));
        }
        Files.copy(keys.resolve("root.pub.pem"), data(rack).resolve("trust/root/site.pem"));
        ticket(rack, first);
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
        return machines.api(rack, api.get(rack));
    }

    /** Where the other nodes reach it. */
    int clusterPort(String rack) {
        return cluster.get(rack);
    }

    /** @param settings besides those that every node needs */
    Program start(String rack, Map<String, String> settings, String... what) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(what));
        arguments.addAll(List.of("--name", rack, "--data", data(rack).toString()));
        Map<String, String> environment = new TreeMap<>(settings);
        environment.put("FLUXRIG_PROFILE", "cluster");
        environment.put("FLUXRIG_CLUSTER_HOST", machines.address(rack));
        environment.put("FLUXRIG_CLUSTER_PORT", cluster.get(rack).toString());
        environment.put(
                "FLUXRIG_SEED_NODES",
                seeds.stream()
                        .map(seed -> machines.address(seed) + ":" + cluster.get(seed))
                        .collect(Collectors.joining(",")));
        environment.putAll(machines.answering(rack, api.get(rack)));
        environment.put("FLUXRIG_TLS", tls(rack));
        environment.put("FLUXRIG_ENROL_TOKEN_FILE", ticket(rack));
        Program node = Program.start(
                log(rack), environment, machines.entering(rack), machines.classPath(rack), machines.main(), arguments);
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
