package io.fluxrig.gear;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A kind of gear: what a scenario names as {@code type}. Types are found with {@link java.util.ServiceLoader} under this
 * interface's name, and are stateless: {@code create} makes each gear.
 *
 * @param <S> the settings: a record, read and checked by {@link SettingsSchema}
 */
public sealed interface GearType<S extends Record> permits SimpleGearType, ActorGearType {

    /** Lower-case words with hyphens, unique: {@code tcp-server}. */
    String name();

    /** One sentence for {@code fluxrig gears list}. */
    String summary();

    Class<S> settings();

    /** The ports that a gear with these settings has. {@code error} exists on every gear and is not listed. */
    Ports ports(S settings);

    /** Whether the gear touches anything outside the Rack. Such a gear is never constructed in a replay. */
    default boolean reachesOutside() {
        return false;
    }

    /** What becomes after a crash of a guaranteed signal that entered here and had not left yet. */
    default Recovery recovery(S settings) {
        return Recovery.FAIL;
    }

    /** Things of which there is one in the world, such as {@code tcp:127.0.0.1:8583}. */
    default Set<String> exclusive(S settings) {
        return Set.of();
    }

    /** Whether the gear holds what it still waits for, so that an answer must come back to it or to its successor. */
    default boolean correlates() {
        return false;
    }

    /** How long a signal may wait in the gear for what somebody outside answers. */
    default Duration patience(S settings) {
        return Duration.ZERO;
    }

    /** References of the specs that the gear uses, as written in the settings. */
    default List<String> specs(S settings) {
        return List.of();
    }

    /** What is wrong with settings that each look fine alone. */
    default List<SettingsSchema.Problem> check(S settings) {
        return List.of();
    }

    /** Recovery class of an ingress gear (FORMATS section 7). */
    enum Recovery {
        /** The sender's connection died with the process: the signal is closed as failed. */
        FAIL,
        /** The source will not send again by itself: the signal is driven again with the redelivered flag. */
        REDRIVE
    }

    /**
     * @param in names of ports that take signals
     * @param out names of ports that signals leave by
     */
    record Ports(List<String> in, List<String> out) {
        /** The port that a failing gear emits on, if it is wired. */
        public static final String ERROR = "error";

        public Ports {
            in = List.copyOf(in);
            out = List.copyOf(out);
        }
    }
}
