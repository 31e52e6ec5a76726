package io.fluxrig.signal;

/**
 * A numbered kind of trouble. Each module keeps its own enum of these; {@code docs/errors.md} is generated from all of
 * them. Numbers never change their meaning and are never reused.
 *
 * <p>Ranges: 1000 signal, 2000 spec, 3000 gears, 4000 scenario, 5000 persistence, 6000 node, 7000 settings and certificates, 9000 command
 * line.
 */
public interface ErrorCode {
    /** Who has to act, and the exit code with which a command ends (FORMATS section 10). */
    enum Category {
        /** The world outside did not do its part; a retry may help. */
        EXTERNAL(1),
        /** A bound was reached; nothing was lost, a retry may help. */
        EXHAUSTED(1),
        /** The caller asked for something that cannot be. */
        USAGE(2),
        /** Altered bytes, or bytes that nobody trusted has signed. */
        UNTRUSTED(3),
        /** Records are missing that must be there. */
        GAP(4),
        /** A file written by people has findings. */
        FINDINGS(5),
        /** Two things that should be alike are not. */
        DIFFERENT(6),
        /** Refused until somebody acts: damage, another Rack's data, a directory in use. */
        HELD(7);

        private final int exitCode;

        Category(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    /** 1..9999, unique over the whole project. */
    int number();

    Category category();

    /** One sentence: what this number means. */
    String summary();

    /** One sentence: what an operator or author does about it. */
    String advice();

    /** {@code FLX-nnnn}. */
    default String code() {
        return String.format("FLX-%04d", number());
    }
}
