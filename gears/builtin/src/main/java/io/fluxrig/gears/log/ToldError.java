package io.fluxrig.gears.log;

import io.fluxrig.signal.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kind of trouble of which only the number is known, as a message on an error port tells it. */
record ToldError(int number) implements ErrorCode {
    private static final Pattern CODE = Pattern.compile("FLX-([0-9]{4})");

    static Optional<ToldError> parse(String code) {
        Matcher matcher = CODE.matcher(code);
        return matcher.matches() ? Optional.of(new ToldError(Integer.parseInt(matcher.group(1)))) : Optional.empty();
    }

    @Override
    public Category category() {
        return Category.EXTERNAL;
    }

    @Override
    public String summary() {
        return "A signal failed at another gear";
    }

    @Override
    public String advice() {
        return "look up the number";
    }
}
