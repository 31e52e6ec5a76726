package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks messages against everything that a spec promises. Immutable and safe for use from any thread. */
public final class Validator {
    private static final int TYPES = 10_000;

    private final Semantics semantics;

    /** Index of a program by the number that four digits make; 0 for a message that the catalogue does not have. */
    private final short[] byNumber;

    private final Map<String, Integer> byName = new HashMap<>();
    private final MessageProgram[] programs;

    /** Bit {@code n} for element {@code n}. */
    private final long[] compared = new long[4];

    Validator(Semantics semantics) {
        this.semantics = semantics;
        List<MessageProgram> all = new ArrayList<>();
        all.add(new MessageProgram(semantics, "this message"));
        boolean numbers = semantics.catalog().keySet().stream().anyMatch(mti -> number(mti) >= 0);
        byNumber = new short[numbers ? TYPES : 0];
        semantics.catalog().keySet().forEach(mti -> {
            if (number(mti) >= 0) {
                byNumber[number(mti)] = (short) all.size();
            } else {
                byName.put(mti, all.size());
            }
            all.add(new MessageProgram(semantics, mti));
        });
        programs = all.toArray(MessageProgram[]::new);
        semantics.fields().forEach((number, field) -> {
            if (comparesResponses(field)) {
                compared[number >> 6] |= 1L << number;
            }
        });
        if (!semantics.catalog().isEmpty()) {
            compared[0] |= 1;
        }
    }

    private static boolean comparesResponses(Semantics.Field field) {
        return field.rules().stream().anyMatch(rule -> rule.response().isPresent())
                || field.parts().stream().anyMatch(Validator::comparesResponses);
    }

    /** Whether there is anything to check: a spec without rules never finds a violation. */
    public boolean isEmpty() {
        return semantics.catalog().isEmpty()
                && semantics.checks().isEmpty()
                && semantics.fields().values().stream()
                        .noneMatch(field -> FieldProgram.of(field, "", false).looksAtValues());
    }

    /** All violations of a message at once; empty where it keeps every promise. */
    public List<Violation> check(FluxMap data) {
        return check(data, Optional.empty());
    }

    /** @param request which the message answers, as it was sent: echoed, new and modified values are compared with it */
    public List<Violation> check(FluxMap data, Optional<FluxMap> request) {
        Elements elements = new Elements(data);
        Violations found = new Violations();
        String mti = elements.mti();
        int index = index(mti);
        Elements asked = request.isPresent() ? new Elements(request.get()) : null;
        if (index == 0 && !semantics.catalog().isEmpty()) {
            told(Violation.Kind.UNKNOWN_MESSAGE, "the catalogue does not have this message type", found);
        } else if (asked != null && !follows(mti, asked.mti())) {
            told(Violation.Kind.TRANSITION, mti + " does not follow the message that it answers", found);
        }
        programs[index].check(elements, asked, found);
        return found.all();
    }

    /** What of a request its response is compared with: elements that a rule calls echoed, new or modified, and the message type. */
    public FluxMap comparedByResponses(FluxMap request) {
        FluxMap.Builder kept = FluxMap.builder();
        boolean any = false;
        for (int i = 0; i < request.size(); i++) {
            int number = DataPath.number(request.keyAt(i));
            if (number >= 0 && (compared[number >> 6] >>> number & 1) == 1) {
                kept.put(request.keyAt(i), request.valueAt(i));
                any = true;
            }
        }
        return any ? kept.build() : FluxMap.EMPTY;
    }

    /** Only what a response must keep towards the request that it answers: echoed, new and modified values, and that it follows. */
    public List<Violation> checkResponse(FluxMap response, FluxMap request) {
        return check(response, Optional.of(request)).stream()
                .filter(v -> v.rule() == Violation.Kind.RESPONSE_VALUE || v.rule() == Violation.Kind.TRANSITION)
                .toList();
    }

    private static void told(Violation.Kind kind, String reason, Violations found) {
        found.add(new Violation("0", Optional.empty(), kind, reason, Severity.REJECT));
    }

    private int index(String mti) {
        if (mti == null) {
            // Without message types there is one message, and the catalogue describes it.
            return programs.length == 2 && byNumber.length == 0 ? 1 : 0;
        }
        int number = number(mti);
        return number >= 0 ? (byNumber.length == 0 ? 0 : byNumber[number]) : byName.getOrDefault(mti, 0);
    }

    private boolean follows(String mti, String before) {
        MessageType now = mti == null ? null : semantics.catalog().get(mti);
        MessageType then = before == null ? null : semantics.catalog().get(before);
        if (now == null || then == null) {
            return true;
        }
        boolean said = !now.pairsWith().isEmpty()
                || !then.pairsWith().isEmpty()
                || !semantics.transitions().isEmpty();
        return !said
                || now.pairsWith().contains(before)
                || then.pairsWith().contains(mti)
                || semantics.transitions().stream().anyMatch(t -> allows(t, before, mti));
    }

    private static boolean allows(Transition transition, String from, String to) {
        return transition.from().contains(from) && transition.to().contains(to);
    }

    private static int number(String mti) {
        if (mti.length() != 4) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < 4; i++) {
            int digit = mti.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
