package io.fluxrig.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Machines in network namespaces, each with an address of its own, on a switch to which this process is connected too. Links go down and packets are dropped as on real
 * ones. Needs root on Linux, iproute2 and iptables.
 */
final class NetworkHosts implements Machines, AutoCloseable {
    private static final String SWITCH = "switch";
    private static final int FIRST = 10;

    private final long pid = ProcessHandle.current().pid();
    private final Map<String, Integer> hosts = new LinkedHashMap<>();
    private final String network = "10." + (200 + pid / 250 % 50) + "." + (1 + pid % 250) + ".";
    private final Path clocks;
    /** Machines on which the other build is installed, where there is one. */
    private final Set<String> other = new HashSet<>();

    /** Why there are none on this machine. */
    static Optional<String> missing() {
        String trial = "fluxrig-trial-" + ProcessHandle.current().pid();
        try {
            run("ip", "netns", "add", trial);
            try {
                run("ip", "netns", "exec", trial, "iptables", "-w", "-t", "nat", "-S");
                run("ip", "netns", "exec", trial, "ip", "link", "add", "trial", "type", "bridge");
            } finally {
                run("ip", "netns", "del", trial);
            }
            return Optional.empty();
        } catch (AssertionError | IOException | InterruptedException cannot) {
            return Optional.of("hosts in network namespaces need root, iproute2 and iptables: " + cannot.getMessage());
        }
    }

    /** @param clocks a folder in which {@link #stepClock} tells machines what time it is */
    NetworkHosts(List<String> names, Path clocks) throws IOException, InterruptedException {
        this.clocks = clocks;
        run("ip", "netns", "add", namespace(SWITCH));
        in(SWITCH, "ip", "link", "add", "bridge", "type", "bridge");
        in(SWITCH, "ip", "link", "set", "bridge", "up");
        run("ip", "link", "add", outside(), "type", "veth", "peer", "name", "test", "netns", namespace(SWITCH));
        plug("test");
        run("ip", "addr", "add", here() + "/24", "dev", outside());
        run("ip", "link", "set", outside(), "up");
        for (String name : names) {
            connect(name);
        }
    }

    private void connect(String name) throws IOException, InterruptedException {
        hosts.put(name, FIRST + hosts.size());
        run("ip", "netns", "add", namespace(name));
        in(SWITCH, "ip", "link", "add", port(name), "type", "veth", "peer", "name", "eth0", "netns", namespace(name));
        plug(port(name));
        in(name, "ip", "addr", "add", address(name) + "/24", "dev", "eth0");
        in(name, "ip", "link", "set", "eth0", "up");
        in(name, "ip", "link", "set", "lo", "up");
    }

    private void plug(String port) throws IOException, InterruptedException {
        in(SWITCH, "ip", "link", "set", port, "master", "bridge");
        in(SWITCH, "ip", "link", "set", port, "up");
    }

    private String namespace(String name) {
        return "fluxrig-" + pid + "-" + name;
    }

    private String outside() {
        return "flux" + pid;
    }

    private String port(String name) {
        return "port" + hosts.get(name);
    }

    /** The address of this process on that network. */
    String here() {
        return network + "1";
    }

    @Override
    public String address(String node) {
        return hosts.containsKey(node) ? network + hosts.get(node) : here();
    }

    @Override
    public List<String> entering(String node) {
        return List.of("ip", "netns", "exec", namespace(node));
    }

    @Override
    public Map<String, String> answering(String node, int port) {
        return Map.of(
                "FLUXRIG_API_LISTEN",
                address(node) + ":" + port,
                SteppedNode.STEPS,
                clock(node).toString());
    }

    @Override
    public String api(String node, int port) {
        return "https://" + address(node) + ":" + port;
    }

    @Override
    public Class<?> main() {
        return SteppedNode.class;
    }

    /** Installs the build that it does not have; {@code -Dnetwork.other=DIR} says where the jars of another than this one are. */
    void install(String host) {
        if (!other.remove(host)) {
            other.add(host);
        }
    }

    /** Which build the next start on it is. */
    String build(String host) {
        return System.getProperty("network.other") == null ? "same" : other.contains(host) ? "other" : "this";
    }

    @Override
    public String classPath(String node) {
        if (!build(node).equals("other")) {
            return Machines.super.classPath(node);
        }
        return wrapper() + File.pathSeparator + Path.of(System.getProperty("network.other"), "*");
    }

    /** A folder with nothing but the command's wrapper: the other build has gears of its own. */
    private Path wrapper() {
        Path there = clocks.resolve("wrapper");
        try {
            Path classes = Files.createDirectories(there.resolve("io/fluxrig/cli"));
            Path ours =
                    Path.of(SteppedNode.class.getResource("SteppedNode.class").toURI());
            try (Stream<Path> all = Files.list(ours.getParent())) {
                for (Path file : all.filter(f -> f.getFileName().toString().startsWith("SteppedNode"))
                        .toList()) {
                    Files.copy(file, classes.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
        return there;
    }

    /** Its cable is out. */
    void unplug(String host) throws IOException, InterruptedException {
        in(SWITCH, "ip", "link", "set", port(host), "down");
    }

    void plugAgain(String host) throws IOException, InterruptedException {
        in(SWITCH, "ip", "link", "set", port(host), "up");
    }

    /** Nothing that one sends reaches the other any more. */
    void deafen(String host, String towards) throws IOException, InterruptedException {
        in(host, "iptables", "-w", "-A", "INPUT", "-s", address(towards), "-j", "DROP");
    }

    /** What one sends to the other's port goes through {@code proxy}, a port of this process; connections that are there break. */
    void divert(String host, String to, int port, int proxy) throws IOException, InterruptedException {
        String[] those = {"-p", "tcp", "-d", address(to), "--dport", Integer.toString(port)};
        in(host, iptables("-t nat -A OUTPUT", those, "-j DNAT --to-destination " + here() + ":" + proxy));
        in(host, iptables("-A OUTPUT", those, "-j REJECT --reject-with tcp-reset"));
    }

    private static String[] iptables(String before, String[] those, String after) {
        List<String> all = new ArrayList<>(List.of("iptables", "-w"));
        all.addAll(List.of(before.split(" ")));
        all.addAll(List.of(those));
        all.addAll(List.of(after.split(" ")));
        return all.toArray(String[]::new);
    }

    private Path clock(String host) {
        return clocks.resolve(host + ".clock");
    }

    /** Its clock is wrong by so much from now on. */
    void stepClock(String host, Duration by) throws IOException {
        Path next = Files.writeString(clocks.resolve(host + ".clock.new"), Long.toString(by.toMillis()));
        Files.move(next, clock(host), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Its network is whole again, and its clock right. */
    void heal(String host) throws IOException, InterruptedException {
        in(host, "iptables", "-w", "-F");
        in(host, "iptables", "-w", "-t", "nat", "-F");
        plugAgain(host);
        stepClock(host, Duration.ZERO);
    }

    private void in(String host, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(entering(host));
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said.strip());
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // A namespace takes its links with it.
        for (String host : hosts.keySet()) {
            run("ip", "netns", "del", namespace(host));
        }
        run("ip", "netns", "del", namespace(SWITCH));
    }
}
