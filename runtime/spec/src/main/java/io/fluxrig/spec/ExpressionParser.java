package io.fluxrig.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the expressions of {@code when} and {@code assert}. Length and depth are bounded, so reading always ends. */
final class ExpressionParser {
    static final int MAX_LENGTH = 2_000;
    static final int MAX_DEPTH = 32;
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<sign>\\|\\||&&|==|!=|<=|>=|<|>|!|\\(|\\))|(?<text>'(?:[^']++|'')*+')|(?<digits>[0-9]+(?![0-9A-Za-z_.]))"
                    + "|(?<word>[A-Za-z_][A-Za-z0-9_]*))");
    private static final Pattern PATH = Pattern.compile("\\s*([0-9A-Za-z_.]+)\\s*");

    /** An expression that cannot be read, and at which character of it. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final int offset;
        private final String hint;
        private final boolean path;

        Wrong(int offset, String what, String hint) {
            this(offset, what, hint, false);
        }

        private Wrong(int offset, String what, String hint, boolean path) {
            super(what);
            this.offset = offset;
            this.hint = hint;
            this.path = path;
        }

        /** The same for a path that begins at {@code from}. */
        Wrong ofPath(int from) {
            return new Wrong(from + offset, getMessage(), hint, true);
        }

        /** Whether a path leads to nothing, rather than the expression being malformed. */
        boolean isPath() {
            return path;
        }

        int offset() {
            return offset;
        }

        String hint() {
            return hint;
        }
    }

    /** What paths mean in a spec. */
    interface Paths {
        /** @throws Wrong where the path leads to nothing, told relative to its first character */
        DataPath resolve(String path) throws Wrong;

        boolean isNumber(DataPath path);
    }

    private final String text;
    private final Paths paths;
    private int at;
    private int depth;

    private String token = "";
    private String kind = "";
    private int tokenAt;

    private ExpressionParser(String text, Paths paths) {
        this.text = text;
        this.paths = paths;
    }

    static Expression parse(String text, Paths paths) throws Wrong {
        if (text.length() > MAX_LENGTH) {
            throw new Wrong(MAX_LENGTH, "the expression is longer than " + MAX_LENGTH + " characters", "split it");
        }
        ExpressionParser parser = new ExpressionParser(text, paths);
        parser.next();
        Expression all = parser.truth(parser.or());
        if (!parser.kind.equals("end")) {
            throw parser.unexpected("the end, && or ||");
        }
        return all;
    }

    /** What stands at a place: a truth, or something to compare. */
    private sealed interface Term {
        record Logic(Expression expression, int from) implements Term {}

        record Plain(Expression.Operand operand, int from) implements Term {}
    }

    private Expression truth(Term term) throws Wrong {
        return switch (term) {
            case Term.Logic logic -> logic.expression();
            case Term.Plain plain ->
                throw new Wrong(
                        plain.from(), "a value stands where a truth is asked for", "compare it, or write present(...)");
        };
    }

    private Term or() throws Wrong {
        return chain("||", this::and, Expression.Or::new);
    }

    private Term and() throws Wrong {
        return chain("&&", this::comparison, Expression.And::new);
    }

    private interface Level {
        Term read() throws Wrong;
    }

    private interface Join {
        Expression of(Expression left, Expression right);
    }

    private Term chain(String sign, Level level, Join join) throws Wrong {
        int from = tokenAt;
        Term left = level.read();
        while (token.equals(sign)) {
            Expression first = truth(left);
            next();
            left = new Term.Logic(join.of(first, truth(level.read())), from);
        }
        return left;
    }

    private Term comparison() throws Wrong {
        int from = tokenAt;
        Term left = unary();
        Expression.Operator operator = operator(token);
        if (!kind.equals("sign") || operator == null) {
            return left;
        }
        int signAt = tokenAt;
        next();
        Term right = unary();
        if (operator(token) != null && kind.equals("sign")) {
            throw new Wrong(tokenAt, "a comparison of a comparison", "write parentheses or &&");
        }
        return new Term.Logic(compared(left, operator, right, signAt), from);
    }

    private Expression compared(Term left, Expression.Operator operator, Term right, int signAt) throws Wrong {
        if (left instanceof Term.Plain a && right instanceof Term.Plain b) {
            boolean number = isNumber(a.operand()) || isNumber(b.operand());
            return new Expression.Compare(a.operand(), operator, b.operand(), number);
        }
        boolean equality = operator == Expression.Operator.EQUAL || operator == Expression.Operator.UNEQUAL;
        if (left instanceof Term.Logic a && right instanceof Term.Logic b && equality) {
            Expression same = new Expression.Same(a.expression(), b.expression());
            return operator == Expression.Operator.EQUAL ? same : new Expression.Not(same);
        }
        throw new Wrong(
                signAt, "a truth and a value cannot be compared", "compare two values, or two truths by == or !=");
    }

    private boolean isNumber(Expression.Operand operand) {
        return operand instanceof Expression.Operand.Field field && paths.isNumber(field.path());
    }

    private Term unary() throws Wrong {
        int from = tokenAt;
        enter();
        try {
            if (token.equals("!") && kind.equals("sign")) {
                next();
                return new Term.Logic(new Expression.Not(truth(unary())), from);
            }
            if (token.equals("(") && kind.equals("sign")) {
                next();
                Term inner = or();
                close();
                return inner;
            }
            return operand();
        } finally {
            depth--;
        }
    }

    private void enter() throws Wrong {
        if (++depth > MAX_DEPTH) {
            throw new Wrong(tokenAt, "nested deeper than " + MAX_DEPTH, "split the expression");
        }
    }

    private Term operand() throws Wrong {
        int from = tokenAt;
        String here = token;
        switch (kind) {
            case "text" -> {
                next();
                return new Term.Plain(
                        new Expression.Operand.Literal(
                                here.substring(1, here.length() - 1).replace("''", "'")),
                        from);
            }
            case "digits" -> {
                next();
                return new Term.Plain(new Expression.Operand.Literal(here), from);
            }
            case "word" -> {
                return word(here, from);
            }
            default -> throw unexpected("field(...), present(...), mti, 'text', digits, true, false, ! or (");
        }
    }

    private Term word(String word, int from) throws Wrong {
        return switch (word) {
            case "true", "false" -> {
                next();
                yield new Term.Logic(new Expression.Truth(word.equals("true")), from);
            }
            case "mti" -> {
                next();
                yield new Term.Plain(new Expression.Operand.MessageType(), from);
            }
            case "field" -> new Term.Plain(new Expression.Operand.Field(path()), from);
            case "present" -> new Term.Logic(new Expression.Present(path()), from);
            default -> throw unexpected("field(...), present(...), mti, true or false; text stands in ' '");
        };
    }

    private DataPath path() throws Wrong {
        next();
        if (!token.equals("(")) {
            throw unexpected("( and a path");
        }
        Matcher matcher = PATH.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Wrong(at, "a path is missing", "write an element, a part or an alias");
        }
        DataPath path;
        try {
            path = paths.resolve(matcher.group(1));
        } catch (Wrong unknown) {
            throw unknown.ofPath(matcher.start(1));
        }
        at = matcher.end();
        next();
        close();
        return path;
    }

    private void close() throws Wrong {
        if (!token.equals(")") || !kind.equals("sign")) {
            throw unexpected(")");
        }
        next();
    }

    private void next() throws Wrong {
        Matcher matcher = TOKEN.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            tokenAt = at;
            while (tokenAt < text.length() && Character.isWhitespace(text.charAt(tokenAt))) {
                tokenAt++;
            }
            if (tokenAt < text.length()) {
                boolean open = text.charAt(tokenAt) == '\'';
                throw new Wrong(
                        tokenAt,
                        open ? "a text that does not end" : "'" + text.charAt(tokenAt) + "' means nothing here",
                        open ? "close it with '" : "see the language of expressions in docs/spec-language.md");
            }
            kind = "end";
            token = "";
            return;
        }
        for (String each : new String[] {"sign", "text", "digits", "word"}) {
            if (matcher.group(each) != null) {
                kind = each;
                token = matcher.group(each);
                tokenAt = matcher.start(each);
            }
        }
        at = matcher.end();
    }

    private Wrong unexpected(String wanted) {
        String found = kind.equals("end") ? "the end" : kind.equals("text") ? "a text" : "'" + token + "'";
        return new Wrong(tokenAt, found + " stands where something else is asked for", "write " + wanted);
    }

    private static Expression.Operator operator(String sign) {
        return switch (sign) {
            case "==" -> Expression.Operator.EQUAL;
            case "!=" -> Expression.Operator.UNEQUAL;
            case "<" -> Expression.Operator.LESS;
            case "<=" -> Expression.Operator.AT_MOST;
            case ">" -> Expression.Operator.GREATER;
            case ">=" -> Expression.Operator.AT_LEAST;
            default -> null;
        };
    }
}
