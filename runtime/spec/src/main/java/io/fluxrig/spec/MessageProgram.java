package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import io.fluxrig.spec.Semantics.Check;
import io.fluxrig.spec.Semantics.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Everything that one kind of message must keep, compiled so that a message that keeps it costs a few operations on bits. Immutable. */
final class MessageProgram {
    private static final int WORDS = 4;

    private final FieldProgram[] fields = new FieldProgram[DataPath.MAX_ELEMENT + 1];
    private final long[] mandatory = new long[WORDS];
    private final long[] refused = new long[WORDS];
    private final long[] looked = new long[WORDS];

    /** Fields whose usage depends on the message. */
    private final FieldProgram[] conditional;

    private final Check[] checks;
    private final String message;

    MessageProgram(Semantics semantics, String message) {
        this.message = message;
        boolean forbids = semantics.unlistedForbidden() && semantics.catalog().containsKey(message);
        if (forbids) {
            Arrays.fill(refused, -1L);
            // The message type and the bitmap are always there.
            refused[0] &= ~3L;
        }
        List<FieldProgram> open = new ArrayList<>();
        semantics.fields().forEach((number, field) -> {
            FieldProgram program = FieldProgram.of(field, message, forbids && number > 1);
            fields[number] = program;
            if (program.isListed() && !program.isSettled()) {
                open.add(program);
                clear(refused, number);
            } else {
                settle(program, number);
            }
        });
        conditional = open.toArray(FieldProgram[]::new);
        checks = semantics.checks().stream()
                .filter(check -> check.messages().isEmpty() || check.messages().contains(message))
                .toArray(Check[]::new);
    }

    private void settle(FieldProgram program, int number) {
        if (program.isListed()) {
            clear(refused, number);
            if (program.settled() == Usage.MANDATORY) {
                set(mandatory, number);
            } else if (program.settled() == Usage.FORBIDDEN) {
                set(refused, number);
            }
        }
        if (program.looksAtValues()) {
            set(looked, number);
        }
    }

    private static void set(long[] bits, int number) {
        bits[number >> 6] |= 1L << number;
    }

    private static void clear(long[] bits, int number) {
        bits[number >> 6] &= ~(1L << number);
    }

    void check(Elements elements, Elements request, Violations found) {
        for (int word = 0; word < WORDS; word++) {
            long present = elements.present[word];
            for (long missing = mandatory[word] & ~present; missing != 0; missing &= missing - 1) {
                fields[word << 6 | Long.numberOfTrailingZeros(missing)].missing(found);
            }
            for (long extra = refused[word] & present; extra != 0; extra &= extra - 1) {
                refuse(word << 6 | Long.numberOfTrailingZeros(extra), found);
            }
            for (long look = looked[word] & present & ~refused[word]; look != 0; look &= look - 1) {
                int number = word << 6 | Long.numberOfTrailingZeros(look);
                fields[number].checkValue(elements.get(number), elements, request, found);
            }
        }
        for (FieldProgram field : conditional) {
            Value value = elements.get(field.element());
            field.check(value, elements, request, found);
        }
        for (Check check : checks) {
            if (!check.condition().expression().holds(elements)) {
                found.add(new Violation(
                        check.condition().expression().paths().stream()
                                .findFirst()
                                .map(DataPath::text)
                                .orElse("0"),
                        Optional.empty(),
                        Violation.Kind.CHECK,
                        "breaks the check '" + check.name() + "'",
                        check.severity()));
            }
        }
    }

    private void refuse(int number, Violations found) {
        FieldProgram field = fields[number];
        if (field == null) {
            found.add(new Violation(
                    Integer.toString(number),
                    Optional.empty(),
                    Violation.Kind.UNLISTED,
                    "is not listed for " + message,
                    Severity.REJECT));
        } else if (field.isListed()) {
            field.refused(found);
        } else {
            field.unlisted(found);
        }
    }
}
