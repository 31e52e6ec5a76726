package io.fluxrig.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Suggest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings as one process was given them. A variable that is set and empty counts as not set, as compose files write it. */
public final class Environment {
    /** Where a value comes from. */
    public enum Source {
        ENVIRONMENT,
        PROFILE,
        DEFAULT
    }

    /** @param value empty for none */
    public record Told(Setting setting, String value, Source source) {
        /** The value as it may be shown: of a secret only that it is there. */
        public String shown() {
            return setting.form() == Form.SECRET && !value.isEmpty() ? "(a secret)" : value;
        }
    }

    /** What Kubernetes adds by itself for each service whose name begins with fluxrig. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "FLUXRIG(_[A-Z0-9]+)*_(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_[0-9]+_(TCP|UDP)(_[A-Z]+)?)?)");

    private static final String QUIET = "pekko.cluster.split-brain-resolver.stable-after";
    private static final String SETTLES = "pekko.cluster.split-brain-resolver.down-all-when-unstable";

    private final Map<String, String> given;

    private Environment(Map<String, String> given) {
        this.given = given;
    }

    /** Of this process. */
    public static Environment ofProcess() {
        return of(System.getenv());
    }

    public static Environment of(Map<String, String> variables) {
        Map<String, String> ours = new TreeMap<>();
        variables.forEach((key, value) -> {
            boolean known = Setting.keys().contains(key);
            if (key.startsWith(Setting.PREFIX)
                    && !value.isEmpty()
                    && (known || !SERVICE_LINK.matcher(key).matches())) {
                ours.put(key, value);
            }
        });
        return new Environment(ours);
    }

    /** The same with other values, as options of a command give them. */
    public Environment with(Map<Setting, String> options) {
        Map<String, String> both = new TreeMap<>(given);
        options.forEach((setting, value) -> both.put(setting.key(), value));
        return new Environment(both);
    }

    public Told tell(Setting setting) {
        String set = given.get(setting.key());
        if (set != null) {
            return new Told(setting, set, Source.ENVIRONMENT);
        }
        String own = setting == Setting.PROFILE ? null : profile().own().get(setting);
        return own != null
                ? new Told(setting, own, Source.PROFILE)
                : new Told(setting, setting.fallback(), Source.DEFAULT);
    }

    public String get(Setting setting) {
        return tell(setting).value();
    }

    /** Whatever is wrong here: unknown names, malformed values, what the profile needs. */
    public List<FluxException> findings() {
        List<FluxException> all = new ArrayList<>();
        given.forEach((key, value) -> Setting.of(key)
                .ifPresentOrElse(
                        setting -> malformed(setting, value).ifPresent(all::add),
                        () -> all.add(new FluxException(
                                ConfigError.UNKNOWN,
                                key
                                        + Suggest.closest(key, Setting.keys())
                                                .map(meant -> ": did you mean " + meant + "?")
                                                .orElse("")))));
        for (Setting needed : profile().needed()) {
            if (get(needed).isEmpty()) {
                all.add(new FluxException(
                        ConfigError.MISSING,
                        "profile '" + word(profile()) + "' needs " + needed.key() + ", such as "
                                + needed.form().example()));
            }
        }
        if (!get(Setting.MOVABLE_RACKS).isEmpty()) {
            all.addAll(movable());
        }
        return all;
    }

    /** What Racks that may move need besides. */
    private List<FluxException> movable() {
        List<FluxException> all = new ArrayList<>();
        for (Setting needed : List.of(Setting.JDBC_URL, Setting.RACK_SECRET_FILE)) {
            if (get(needed).isEmpty()) {
                all.add(new FluxException(
                        ConfigError.MISSING,
                        Setting.MOVABLE_RACKS.key() + " needs " + needed.key() + ", such as "
                                + needed.form().example()));
            }
        }
        if (List.of(get(Setting.MOVABLE_RACKS).split(",")).contains(get(Setting.RACK))) {
            all.add(new FluxException(
                    ConfigError.MALFORMED,
                    Setting.MOVABLE_RACKS.key() + " names '" + get(Setting.RACK) + "', which " + Setting.RACK.key()
                            + " pins to this node"));
        }
        return all;
    }

    private static Optional<FluxException> malformed(Setting setting, String value) {
        return setting.form().fits(value)
                ? Optional.empty()
                : Optional.of(new FluxException(
                        ConfigError.MALFORMED,
                        setting.key() + (setting.form() == Form.SECRET ? "" : "=" + printable(value))
                                + ": write it like " + setting.form().example()));
    }

    private static String printable(String value) {
        String shown = value.replaceAll("[^\\x20-\\x7e]", "?");
        return shown.length() > 60 ? shown.substring(0, 60) + "..." : shown;
    }

    /** The profile; {@code single} where its name is malformed, which is a finding. */
    public Profile profile() {
        String name = given.getOrDefault(Setting.PROFILE.key(), Setting.PROFILE.fallback());
        return Stream.of(Profile.values())
                .filter(p -> word(p).equals(name))
                .findFirst()
                .orElse(Profile.SINGLE);
    }

    private static String word(Profile profile) {
        return profile.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The whole configuration of a node under these settings.
     *
     * @throws FluxException the first finding, where there is one
     */
    public Config config() {
        findings().stream().findFirst().ifPresent(first -> {
            throw first;
        });
        Map<String, String> paths = new HashMap<>();
        for (Setting setting : Setting.values()) {
            String value = get(setting);
            if (!value.isEmpty()) {
                setting.path().ifPresent(path -> paths.put(path, value));
            }
        }
        Config over = ConfigFactory.parseMap(paths);
        if (!get(Setting.SEED_NODES).isEmpty()) {
            over = over.withValue("pekko.cluster.seed-nodes", ConfigValueFactory.fromIterable(seeds()))
                    .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(roles()));
        }
        return patient(profile().load(over));
    }

    /** Pekko's own rule allows three quarters of the quiet time for a link to settle; the profile's is for a short one. */
    private static Config patient(Config config) {
        if (config.getString(SETTLES).equals("on")) {
            return config;
        }
        Duration byRule = config.getDuration(QUIET).multipliedBy(3).dividedBy(4);
        return byRule.compareTo(config.getDuration(SETTLES)) > 0
                ? config.withValue(SETTLES, ConfigValueFactory.fromAnyRef("on"))
                : config;
    }

    /** A Mixer with a log of its own sits on one node: the first of the seed nodes, wherever the list is read. */
    private List<String> roles() {
        String self = get(Setting.CLUSTER_HOST) + ":" + get(Setting.CLUSTER_PORT);
        boolean anywhere = !get(Setting.JDBC_URL).isEmpty();
        return anywhere || get(Setting.SEED_NODES).split(",")[0].equals(self)
                ? List.of("mixer", "rack")
                : List.of("rack");
    }

    private List<String> seeds() {
        return Stream.of(get(Setting.SEED_NODES).split(","))
                .map(address -> "pekko://fluxrig@" + address)
                .toList();
    }
}
