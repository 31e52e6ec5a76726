package io.fluxrig.replay;

import io.fluxrig.replay.ReplayReport.Cause;
import io.fluxrig.replay.ReplayReport.Difference;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafAgain;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafForm;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Says where a leaf that came out otherwise differs from the recorded one, and what the likely cause is. */
final class Explanation {
    private static final List<DateTimeFormatter> TIMES = List.of(
            DateTimeFormatter.ofPattern("HHmmss"),
            DateTimeFormatter.ofPattern("HH:mm:ss"),
            DateTimeFormatter.ofPattern("MMddHHmm"),
            DateTimeFormatter.ofPattern("yyyyMMdd"),
            DateTimeFormatter.ofPattern("yyyy-MM-dd"));

    private final DataKeys keys;
    private final Function<Bytes, Optional<Spec>> specs;
    private final Changes changes;

    /** @param changes between the recorded scenario and the one that runs now */
    Explanation(DataKeys keys, Function<Bytes, Optional<Spec>> specs, Changes changes) {
        this.keys = keys;
        this.specs = specs;
        this.changes = changes;
    }

    /** The leaves stand in the same place and are not the same. */
    Difference between(LeafDraft draft, Leaf leaf, String gear) {
        String recorded = describe(leaf);
        String now = LeafAgain.describe(draft);
        if (!recorded.equals(now) || !LeafAgain.isOf(draft, leaf)) {
            return of(leaf, gear, "-", recorded, now, structural(gear));
        }
        Optional<FluxMsg> before = LeafForm.message(leaf, keys);
        Optional<FluxMsg> after = LeafAgain.messageOf(draft);
        if (before.isEmpty() || after.isEmpty()) {
            return of(leaf, gear, "message", "another by its digest", "not kept to compare", value(gear, leaf, ""));
        }
        return firstOf(leaf, gear, before.get(), after.get())
                .orElseGet(() -> of(leaf, gear, "-", recorded, "the same in other bytes", value(gear, leaf, "")));
    }

    /** Something that was recorded does not happen now. */
    Difference missing(Leaf leaf, String gear, String now) {
        return of(leaf, gear, "-", describe(leaf), now, structural(gear));
    }

    /** What came from outside cannot be used as it was. */
    Difference outside(Leaf leaf, String gear, String now) {
        Cause cause = changes.any() ? structural(gear) : Cause.OUTSIDE_ANSWER;
        return of(leaf, gear, "-", describe(leaf), now, cause);
    }

    private Optional<Difference> firstOf(Leaf leaf, String gear, FluxMsg before, FluxMsg after) {
        Optional<Spec> spec = specs.apply(leaf.spec());
        FluxMap maskedBefore = spec.map(s -> s.mask(before.data())).orElse(before.data());
        FluxMap maskedAfter = spec.map(s -> s.mask(after.data())).orElse(after.data());
        for (String key : keysOf(before.data(), after.data())) {
            Value was = before.data().get(key);
            Value is = after.data().get(key);
            if (was == null ? is != null : !was.equals(is)) {
                return Optional.of(of(
                        leaf,
                        gear,
                        key,
                        text(maskedBefore.get(key)),
                        text(maskedAfter.get(key)),
                        value(gear, leaf, text(was))));
            }
        }
        for (String key :
                new TreeSet<>(join(before.meta().keySet(), after.meta().keySet()))) {
            String was = before.meta().getOrDefault(key, "absent");
            String is = after.meta().getOrDefault(key, "absent");
            if (!was.equals(is)) {
                return Optional.of(of(leaf, gear, "meta." + key, was, is, value(gear, leaf, was)));
            }
        }
        return before.raw().equals(after.raw())
                ? Optional.empty()
                : Optional.of(of(
                        leaf,
                        gear,
                        "raw",
                        before.raw().length() + " bytes",
                        after.raw().length() + " other bytes",
                        value(gear, leaf, "")));
    }

    private static TreeSet<String> keysOf(FluxMap a, FluxMap b) {
        TreeSet<String> keys = new TreeSet<>();
        a.forEach((key, value) -> keys.add(key));
        b.forEach((key, value) -> keys.add(key));
        return keys;
    }

    private static List<String> join(Iterable<String> a, Iterable<String> b) {
        List<String> all = new ArrayList<>();
        a.forEach(all::add);
        b.forEach(all::add);
        return all;
    }

    private Cause structural(String gear) {
        return changes.of(gear).orElse(changes.any() ? Cause.SCENARIO_CHANGED : Cause.ORDER);
    }

    private Cause value(String gear, Leaf leaf, String recorded) {
        return changes.of(gear)
                .orElseGet(() -> changes.any()
                        ? Cause.SCENARIO_CHANGED
                        : tellsTheTime(recorded, leaf.at()) ? Cause.CLOCK : Cause.RANDOMNESS);
    }

    /** Whether a value shows the moment at which it was made, in UTC, in one of the forms in which protocols write times. */
    private static boolean tellsTheTime(String value, long unixNanos) {
        Instant at = Instant.ofEpochSecond(Math.floorDiv(unixNanos, 1_000_000_000L));
        for (long around = -1; around <= 1; around++) {
            Instant second = at.plusSeconds(around);
            if (value.contains(Long.toString(second.getEpochSecond()))
                    || TIMES.stream().anyMatch(form -> value.contains(form.format(second.atZone(ZoneOffset.UTC))))) {
                return true;
            }
        }
        return false;
    }

    private static Difference of(Leaf leaf, String gear, String field, String recorded, String now, Cause cause) {
        return new Difference(leaf.n(), leaf.id(), gear, field, recorded, now, cause);
    }

    static String describe(Leaf leaf) {
        String note =
                leaf.note().text("outcome").or(leaf::code).map(n -> " " + n).orElse("");
        return leaf.kind() + (leaf.port().isEmpty() ? "" : " on port " + leaf.port()) + note;
    }

    private static String text(Value value) {
        return switch (value) {
            case null -> "absent";
            case Value.Text text -> "'" + text.value() + "'";
            case Value.Int number -> Long.toString(number.value());
            case Value.Decimal number -> number.value().toPlainString();
            case Value.Bin bin -> bin.value().hex();
            default -> value.kind();
        };
    }
}
