package io.fluxrig.simulate;

import io.fluxrig.signal.ErrorCode;

/** Trouble of the simulators. */
public enum SimulateError implements ErrorCode {
    WRONG_USE(9501, Category.USAGE, "An option of a simulator is wrong", "see --help"),
    CANNOT_LISTEN(
            9502,
            Category.EXTERNAL,
            "A simulated host cannot listen",
            "stop the program that holds the port, or choose another"),
    LEDGER(9503, Category.EXTERNAL, "A ledger cannot be written", "check the path and the space left");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    SimulateError(int number, Category category, String summary, String advice) {
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
