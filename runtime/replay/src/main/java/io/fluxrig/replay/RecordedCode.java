package io.fluxrig.replay;

import io.fluxrig.signal.ErrorCode;

/** A code as a leaf names it; a replay needs its number and nothing more. */
record RecordedCode(int number) implements ErrorCode {
    static RecordedCode parse(String code) {
        return new RecordedCode(code.matches("FLX-\\d{4}") ? Integer.parseInt(code.substring(4)) : 0);
    }

    @Override
    public Category category() {
        return Category.EXTERNAL;
    }

    @Override
    public String summary() {
        return "recorded";
    }

    @Override
    public String advice() {
        return "see the original";
    }
}
