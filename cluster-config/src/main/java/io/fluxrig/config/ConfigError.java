package io.fluxrig.config;

import io.fluxrig.signal.ErrorCode;

/** Trouble with what an operator sets. */
public enum ConfigError implements ErrorCode {
    UNKNOWN(7001, Category.USAGE, "There is no such setting", "'fluxrig config list' tells which there are"),
    MALFORMED(7002, Category.USAGE, "A setting has a value of another form", "write it like the example"),
    MISSING(
            7003,
            Category.USAGE,
            "The profile needs a setting that was not given",
            "give it; 'fluxrig config explain KEY' tells what it means");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    ConfigError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Category category() {
        return category;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String advice() {
        return advice;
    }
}
