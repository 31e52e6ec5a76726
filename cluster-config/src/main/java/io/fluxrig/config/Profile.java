package io.fluxrig.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The profiles that a node can run under; each is a file beside this class that a test loads. */
public enum Profile {
    /** Mixer and Rack in one process on the loopback interface, embedded journal. */
    SINGLE(List.of(), Map.of()),
    /** Several nodes of one site that know each other by name, with certificates on both ends of each connection. */
    CLUSTER(
            List.of(Setting.CLUSTER_HOST, Setting.SEED_NODES, Setting.TLS),
            Map.of(Setting.CLUSTER_HOST, "", Setting.CLUSTER_PORT, "7355")),
    /** The same, where names, addresses and restarts are Kubernetes' business. */
    KUBERNETES(
            List.of(Setting.CLUSTER_HOST, Setting.SEED_NODES, Setting.TLS),
            Map.of(
                    Setting.CLUSTER_HOST, "",
                    Setting.CLUSTER_PORT, "7355",
                    Setting.CLUSTER_BIND_HOST, "0.0.0.0",
                    Setting.MANAGEMENT_HOST, "0.0.0.0",
                    Setting.ON_DAMAGE, "hold"));

    private final List<Setting> needed;
    private final Map<Setting, String> own;

    Profile(List<Setting> needed, Map<Setting, String> own) {
        this.needed = needed;
        this.own = own;
    }

    /** One process on embedded defaults. */
    public static Config single() {
        return SINGLE.load(ConfigFactory.empty());
    }

    /** What has no sensible default here. */
    List<Setting> needed() {
        return needed;
    }

    /** Defaults that differ from the table's. */
    Map<Setting, String> own() {
        return own;
    }

    Config load(Config over) {
        String file = "fluxrig-" + name().toLowerCase(Locale.ROOT);
        return ConfigFactory.load(
                over.withFallback(ConfigFactory.parseResourcesAnySyntax(Profile.class.getClassLoader(), file)));
    }
}
