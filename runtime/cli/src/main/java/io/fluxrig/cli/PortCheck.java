package io.fluxrig.cli;

import io.fluxrig.cli.Checkup.Verdict;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Whether a node of these settings could listen wherever they tell it to. */
final class PortCheck {
    /** @param setting that names another port */
    private record Door(Setting setting, String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private PortCheck() {}

    /** @param taken what it is that a port is taken: fine where a node of these settings runs already */
    static void run(Environment environment, Verdict taken, CheckList told) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            // Each is held until the last was tried: two settings that name the same port are found too.
            for (Door door : doors(environment)) {
                ServerSocket socket = new ServerSocket();
                held.add(socket);
                listen(socket, door, taken, told);
            }
        } catch (IOException e) {
            told.fail("port", String.valueOf(e.getMessage()), "look at what limits the sockets of a process");
        } finally {
            held.forEach(PortCheck::close);
        }
    }

    private static void listen(ServerSocket socket, Door door, Verdict taken, CheckList told) {
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(door.host(), door.port()));
            told.fine("port", door + " is free");
        } catch (IOException refused) {
            String key = door.setting().key();
            switch (taken) {
                case FINE -> told.fine("port", door + " is taken, and a node runs on this data directory");
                case WARNING ->
                    told.warn(
                            "port",
                            door + ": " + refused.getMessage(),
                            "fine where the node runs already; else set " + key);
                case FAILED ->
                    told.fail(
                            "port",
                            door + ": " + refused.getMessage(),
                            "no node runs on this data directory: stop what listens there, or set " + key);
            }
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody was ever let in by it.
        }
    }

    /** Those with a number: where the system chooses, nothing can be taken. What is malformed is a finding of its own. */
    private static List<Door> doors(Environment environment) {
        List<Door> doors = new ArrayList<>();
        add(doors, environment, Setting.MANAGEMENT_PORT, environment.get(Setting.MANAGEMENT_HOST));
        String api = environment.get(Setting.API_LISTEN);
        if (Setting.API_LISTEN.form().fits(api)) {
            int colon = api.lastIndexOf(':');
            add(doors, Setting.API_LISTEN, api.substring(0, colon), api.substring(colon + 1));
        }
        boolean other = !environment.get(Setting.CLUSTER_BIND_PORT).isEmpty();
        boolean elsewhere = !environment.get(Setting.CLUSTER_BIND_HOST).isEmpty();
        add(
                doors,
                environment,
                other ? Setting.CLUSTER_BIND_PORT : Setting.CLUSTER_PORT,
                environment.get(elsewhere ? Setting.CLUSTER_BIND_HOST : Setting.CLUSTER_HOST));
        return doors;
    }

    private static void add(List<Door> doors, Environment environment, Setting setting, String host) {
        add(doors, setting, host, environment.get(setting));
    }

    private static void add(List<Door> doors, Setting setting, String host, String port) {
        if (!host.isEmpty()
                && !port.equals("0")
                && Setting.MANAGEMENT_PORT.form().fits(port)) {
            doors.add(new Door(setting, host, Integer.parseInt(port)));
        }
    }
}
