package io.fluxrig.cli;

import java.util.List;
import java.util.Map;

/** What the nodes of a test run on: all on this machine's loopback address, or each on a machine of its own. */
interface Machines {
    /** One machine for all. */
    Machines THIS_ONE = new Machines() {
        @Override
        public String address(String node) {
            return "127.0.0.1";
        }

        @Override
        public List<String> entering(String node) {
            return List.of();
        }

        @Override
        public Map<String, String> answering(String node, int port) {
            return Map.of("FLUXRIG_MANAGEMENT_PORT", Integer.toString(port));
        }

        @Override
        public String api(String node, int port) {
            return "http://127.0.0.1:" + port;
        }

        @Override
        public Class<?> main() {
            return Main.class;
        }
    };

    /** The class path of the build that is installed there. */
    default String classPath(String node) {
        return Program.CLASS_PATH;
    }

    /** Where a node is reached by the others. */
    String address(String node);

    /** What a command begins with that is to run on a node's machine. */
    List<String> entering(String node);

    /** Settings with which a node's management API answers this process. */
    Map<String, String> answering(String node, int port);

    /** Where that is. */
    String api(String node, int port);

    /** The program that nodes are: the command itself, or one that wraps it. */
    Class<?> main();
}
