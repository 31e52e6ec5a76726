package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A condition over a message. Total: it always ends, and a comparison with an absent field is false. */
sealed interface Expression {
    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression inner) implements Expression {}

    record Truth(boolean value) implements Expression {}

    record Present(DataPath path) implements Expression {}

    /** Both true or both false. */
    record Same(Expression left, Expression right) implements Expression {}

    /** @param number whether a format says that equality is one of numbers */
    record Compare(Operand left, Operator operator, Operand right, boolean number) implements Expression {}

    enum Operator {
        EQUAL,
        UNEQUAL,
        LESS,
        AT_MOST,
        GREATER,
        AT_LEAST;

        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case GREATER -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    /** What is compared. */
    sealed interface Operand {
        record Field(DataPath path) implements Operand {}

        record MessageType() implements Operand {}

        /** @param number that its digits make, or negative */
        record Literal(String text, long number) implements Operand {
            Literal(String text) {
                this(text, Elements.number(text));
            }
        }

        default Optional<DataPath> named() {
            return this instanceof Field field ? Optional.of(field.path()) : Optional.empty();
        }

        /** The number that its digits make; negative where it is absent, no digits, or more than fit in 18 of them. */
        default long number(Elements message) {
            return switch (this) {
                case Field field ->
                    field.path().parts().isEmpty() ? message.number(field.path().element()) : -1;
                case MessageType type -> message.number(0);
                case Literal literal -> literal.number();
            };
        }

        /** Null where it is absent. */
        default String characters(Elements message) {
            return switch (this) {
                case Field field -> {
                    Value value = message.get(field.path());
                    yield value == null ? null : Elements.characters(value);
                }
                case MessageType type -> message.mti();
                case Literal literal -> literal.text();
            };
        }
    }

    default boolean holds(Elements message) {
        return switch (this) {
            case And and -> and.left().holds(message) && and.right().holds(message);
            case Or or -> or.left().holds(message) || or.right().holds(message);
            case Not not -> !not.inner().holds(message);
            case Truth truth -> truth.value();
            case Present present -> message.get(present.path()) != null;
            case Same same -> same.left().holds(message) == same.right().holds(message);
            case Compare compare -> compared(compare, message);
        };
    }

    /** Every field that it names. */
    default List<DataPath> paths() {
        return switch (this) {
            case And and -> both(and.left(), and.right());
            case Or or -> both(or.left(), or.right());
            case Not not -> not.inner().paths();
            case Truth truth -> List.of();
            case Present present -> List.of(present.path());
            case Same same -> both(same.left(), same.right());
            case Compare compare ->
                Stream.of(compare.left(), compare.right())
                        .flatMap(operand -> operand.named().stream())
                        .toList();
        };
    }

    private static List<DataPath> both(Expression left, Expression right) {
        return Stream.concat(left.paths().stream(), right.paths().stream()).toList();
    }

    private static boolean compared(Compare compare, Elements message) {
        boolean ordered = compare.operator() != Operator.EQUAL && compare.operator() != Operator.UNEQUAL;
        if (compare.number() || ordered) {
            long number = compare.left().number(message);
            long other = number < 0 ? number : compare.right().number(message);
            if (other >= 0) {
                return compare.operator().holds(Long.compare(number, other));
            }
        }
        String left = compare.left().characters(message);
        String right = left == null ? null : compare.right().characters(message);
        if (right == null) {
            return false;
        }
        boolean digits = (compare.number() || ordered) && Format.isDigits(left) && Format.isDigits(right);
        return compare.operator().holds(digits ? compareNumbers(left, right) : left.compareTo(right));
    }

    /** Compares digits of any length. */
    static int compareNumbers(String left, String right) {
        int a = firstOfValue(left);
        int b = firstOfValue(right);
        int lengths = Integer.compare(left.length() - a, right.length() - b);
        for (int i = 0; lengths == 0 && a + i < left.length(); i++) {
            int order = Character.compare(left.charAt(a + i), right.charAt(b + i));
            if (order != 0) {
                return order;
            }
        }
        return lengths;
    }

    private static int firstOfValue(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') {
            from++;
        }
        return from;
    }
}
