package io.fluxrig.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a spec says of meaning and of rules. Immutable, in the order of the file.
 *
 * @param fields by element number
 * @param catalog by message type
 * @param unlistedForbidden whether an element may only stand where a rule lists it
 */
record Semantics(
        About about,
        Map<Integer, Field> fields,
        Map<String, ValueSet> enums,
        Map<String, MessageType> catalog,
        List<Transition> transitions,
        List<DataPath> correlateOn,
        List<Check> checks,
        boolean unlistedForbidden) {

    /** What stands at the top for people. */
    record About(String title, String protocol, String overview, List<String> references) {}

    enum Usage {
        MANDATORY,
        OPTIONAL,
        FORBIDDEN
    }

    enum ResponseValue {
        /** What the request held. */
        ECHO,
        /** Other than what the request held, if it held anything. */
        NEW,
        /** Other than what the request held, which held something. */
        MODIFIED
    }

    enum Flow {
        REQUEST,
        RESPONSE
    }

    enum CryptoRole {
        PIN_BLOCK,
        MAC,
        KCV
    }

    /** What people call a field and say of it. */
    record Label(String name, Optional<String> alias, String meaning, String note, boolean shared) {}

    /** @param wideBin whether eight instead of six first digits of a card number may be shown */
    record Protection(Sensitivity sensitivity, boolean wideBin, Optional<CryptoRole> role) {
        static final Protection NONE = new Protection(Sensitivity.NONE, false, Optional.empty());
    }

    /**
     * An element or a part.
     *
     * @param rules for its messages; the first that matches wins
     */
    record Field(
            DataPath path,
            Label label,
            Protection protection,
            Optional<ValueSet> values,
            Optional<Format> format,
            List<Rule> rules,
            List<Field> parts) {}

    /** @param when absent for always */
    record Rule(
            Set<String> messages,
            Usage usage,
            Optional<Condition> when,
            Optional<ValueSet> values,
            Optional<ResponseValue> response,
            Severity severity,
            String note) {}

    /** An expression as written and as compiled. */
    record Condition(String text, Expression expression) {}

    record Code(String name, String category, String meaning) {}

    /**
     * @param name of the enum, {@code @messages}, or empty for values that stand at the field
     * @param closed whether another value is a violation
     */
    record ValueSet(String name, boolean closed, Map<String, Code> codes) {}

    record MessageType(
            String mti,
            String name,
            Flow flow,
            List<String> pairsWith,
            Optional<Duration> responseTimeout,
            String messageClass,
            String note) {}

    record Transition(Set<String> from, Set<String> to, String note) {}

    /** @param messages empty for every message */
    record Check(Set<String> messages, String name, Condition condition, Severity severity, String note) {}

    static final Semantics NOTHING = new Semantics(
            new About("", "iso8583", "", List.of()),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            false);
}
