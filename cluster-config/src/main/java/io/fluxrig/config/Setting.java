package io.fluxrig.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that an operator may set, as an environment variable: the one table from which the command line explains, a start checks, and {@code
 * docs/operations/settings.md} is made.
 */
public enum Setting {
    PROFILE(
            Form.PROFILE,
            "single",
            "how many processes make up the site: one, several, or several as Kubernetes runs them"),
    DATA(Form.PATH, "fluxrig-data", "the data directory: logs, keys, scenarios"),
    SITE(Form.NAME, "local", "the site's name, when the data directory is made"),
    RACK(Form.NAME, "rack-a", "the Rack's name, which it keeps for good"),
    ENROL_TOKEN_FILE(
            Form.PATH,
            "",
            "a file with the token by which the Mixer enrols this Rack without asking an operator: 'fluxrig racks token'",
            "fluxrig.enrol.token-file"),
    TRUST(Form.PATH, "", "a directory of pinned keys, besides trust/ of the data directory"),
    GEARS(Form.PATH, "", "a directory of jars with gears of your own"),
    MANAGEMENT_HOST(Form.HOST, "127.0.0.1", "the address of health, metrics and management"),
    MANAGEMENT_PORT(Form.PORT, "8090", "the port of health, metrics and management"),
    API(Form.URLS, "http://127.0.0.1:8090", "the node that commands such as 'fluxrig scenario push' talk to"),
    API_TOKEN(Form.SECRET, "", "the token that such commands show"),
    API_TOKENS(
            Form.PATH,
            "",
            "a file of who may use this node's management API, a line for each: name, role, SHA-256 of the token; without it, whoever is on the node's machine",
            "fluxrig.api.tokens"),
    API_LISTEN(
            Form.ADDRESS,
            "",
            "where the management API listens for other machines, with TLS by the certificate in FLUXRIG_TLS",
            "fluxrig.api.listen"),
    API_TLS(
            Form.PATH,
            "",
            "a directory with ca.crt, by which such commands know a node, and tls.crt and tls.key where they show a certificate"),
    ON_DAMAGE(
            Form.ON_DAMAGE,
            "exit",
            "what a Rack does that refuses to go on over damage: exit, or hold: stay up, not ready, read-only"),
    SLOW_DISK(
            Form.SPAN,
            "1s",
            "how long an fsync of the log may take before the node calls itself degraded",
            "fluxrig.slow-disk"),
    WITNESSES(Form.URLS, "", "witnesses that countersign the Rack's checkpoints"),
    WAL_QUOTA(
            Form.SIZE,
            "",
            "how large the log may become; at the bound new requests are refused, nothing is overwritten"),
    ARCHIVE(Form.PATH, "", "where sealed segments are moved when they are no longer to be kept here"),
    KEEP(Form.SIZE, "", "how much of the log stays here, where there is an archive"),
    KEEP_FOR(Form.AGE, "", "how long a segment stays here, where there is an archive"),
    CLUSTER_HOST(
            Form.HOST,
            "127.0.0.1",
            "the name under which the other nodes reach this one; its certificate must name it",
            "pekko.remote.artery.canonical.hostname"),
    CLUSTER_PORT(
            Form.PORT, "0", "the port on which the other nodes reach this one", "pekko.remote.artery.canonical.port"),
    CLUSTER_BIND_HOST(
            Form.HOST,
            "",
            "the address that is listened on, where it is not that of CLUSTER_HOST",
            "pekko.remote.artery.bind.hostname"),
    CLUSTER_BIND_PORT(
            Form.PORT,
            "",
            "the port that is listened on, where it is not CLUSTER_PORT",
            "pekko.remote.artery.bind.port"),
    SEED_NODES(
            Form.ADDRESSES,
            "",
            "nodes through which this one finds the cluster, the same list in the same order everywhere"),
    TLS(
            Form.PATH,
            "",
            "a directory with tls.crt (this node's chain), tls.key and ca.crt (all authorities that are trusted), read again when it changes; root.pem and mixer.pem beside them are the keys with which this node signs where it is the Mixer",
            "fluxrig.tls.dir"),
    JDBC_URL(
            Form.JDBC,
            "",
            "the site's PostgreSQL, for the Mixer's journal and its book of signals: with it every node whose certificate says mixer can take over; without it both lie on the first of the seed nodes",
            "fluxrig.jdbc.url"),
    JDBC_PASSWORD_FILE(
            Form.PATH, "", "a file with the password for it, read for each connection", "fluxrig.jdbc.password-file"),
    MOVABLE_RACKS(
            Form.NAMES,
            "",
            "Racks that live in that PostgreSQL and run on one node after the other, the same list on every node",
            "fluxrig.movable.racks"),
    RACK_SECRET_FILE(
            Form.PATH,
            "",
            "a file of 32 random bytes, the same on every node, that wraps the keys of movable Racks: head -c 32 /dev/urandom",
            "fluxrig.movable.secret-file"),
    DOWN_AFTER(
            Form.AGE,
            "7s",
            "how long the cluster must be quiet after a split before the smaller side stops",
            "pekko.cluster.split-brain-resolver.stable-after"),
    OTLP(Form.URLS, "", "a collector that gets spans and metrics with OTLP over HTTP"),
    TRACE_SAMPLE(Form.PART, "0.05", "part of the signals without failure whose spans are sent; failed ones always are"),
    LOG(Form.LEVEL, "INFO", "from which level on the node itself writes lines to standard error"),
    LOG_PEKKO(Form.LEVEL, "WARN", "the same for everything else in the process"),
    LOG_FORMAT(Form.LOG_FORMAT, "text", "text for people, json for one JSON document a line"),
    LOG_LINES(Form.NUMBER, "50", "how many lines a source may write in a second; what is held back is counted"),
    JAVA_OPTS(Form.WORDS, "", "options for the Java virtual machine, read by the launcher");

    /** What every name begins with. */
    static final String PREFIX = "FLUXRIG_";

    private final Form form;
    private final String fallback;
    private final String meaning;
    private final Optional<String> path;

    Setting(Form form, String fallback, String meaning) {
        this(form, fallback, meaning, null);
    }

    Setting(Form form, String fallback, String meaning, String path) {
        this.form = form;
        this.fallback = fallback;
        this.meaning = meaning;
        this.path = Optional.ofNullable(path);
    }

    /** The name of its environment variable. */
    public String key() {
        return PREFIX + name();
    }

    public Form form() {
        return form;
    }

    /** Its value where neither the environment nor the profile says anything; empty for none. */
    public String fallback() {
        return fallback;
    }

    public String meaning() {
        return meaning;
    }

    /** Where it goes in the configuration of Pekko and the node. */
    Optional<String> path() {
        return path;
    }

    /** By its whole name, or by what follows {@value #PREFIX}, in upper or lower case. */
    public static Optional<Setting> of(String key) {
        String upper = key.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values())
                .filter(s -> s.key().equals(upper) || s.name().equals(upper))
                .findFirst();
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }
}
