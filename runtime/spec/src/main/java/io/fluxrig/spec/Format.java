package io.fluxrig.spec;

import java.util.Currency;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a value looks like.
 *
 * @param currency where an amount's currency stands
 * @param layout of dates and times
 * @param tz a zone's id, for people
 */
record Format(Kind kind, Optional<DataPath> currency, Optional<Layout> layout, Optional<String> tz) {
    private static final int SHORTEST_PAN = 12;
    private static final int LONGEST_PAN = 19;
    private static final Set<String> CURRENCIES = currencies();

    enum Kind {
        PAN,
        AMOUNT,
        DATE,
        TIME,
        DATETIME,
        NUMERIC;

        /** Whether values compare as numbers. */
        boolean isNumber() {
            return this == AMOUNT || this == NUMERIC;
        }

        boolean isTime() {
            return this == DATE || this == TIME || this == DATETIME;
        }
    }

    /** What is wrong with a value, in words without it; null where nothing is. */
    String wrong(String value) {
        return switch (kind) {
            case PAN -> pan(value);
            case AMOUNT -> isDigits(unsigned(value)) ? null : "is not an amount: digits, which C or D may precede";
            case NUMERIC -> isDigits(value) ? null : "is not a number";
            case DATE, TIME, DATETIME -> time(value);
        };
    }

    private String time(String value) {
        Optional<Layout> known = layout.isPresent() ? layout : Layout.usual(kind, value.length());
        if (known.isEmpty()) {
            return "has a length that no usual layout has";
        }
        return known.get().fits(value)
                ? null
                : "is not a " + words() + " as " + known.get().text();
    }

    private String words() {
        return kind == Kind.DATETIME ? "date and time" : kind == Kind.DATE ? "date" : "time";
    }

    private static String pan(String value) {
        String digits = value;
        while (digits.endsWith("F")) {
            // A card number in packed digits is filled up with F (EMV book 3, annex A).
            digits = digits.substring(0, digits.length() - 1);
        }
        if (!isDigits(digits)) {
            return "is not a card number: something else than digits";
        }
        if (digits.length() < SHORTEST_PAN || digits.length() > LONGEST_PAN) {
            return "is not a card number: not 12 to 19 digits";
        }
        return luhn(digits) ? null : "is not a card number: its check digit is wrong";
    }

    static boolean luhn(String digits) {
        int sum = 0;
        boolean twice = false;
        for (int i = digits.length() - 1; i >= 0; i--) {
            int digit = digits.charAt(i) - '0';
            int weighed = twice ? digit * 2 : digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    private static String unsigned(String value) {
        return value.startsWith("C") || value.startsWith("D") ? value.substring(1) : value;
    }

    static boolean isDigits(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** Whether this is a currency of ISO 4217, by its number or its letters. */
    static boolean isCurrency(String value) {
        return CURRENCIES.contains(value.length() == 4 && value.charAt(0) == '0' ? value.substring(1) : value);
    }

    private static Set<String> currencies() {
        Set<String> all = new HashSet<>();
        for (Currency each : Currency.getAvailableCurrencies()) {
            all.add(each.getCurrencyCode());
            // The JDK gives 0 to some that were withdrawn.
            if (each.getNumericCode() > 0) {
                all.add(each.getNumericCodeAsString());
            }
        }
        return Set.copyOf(all);
    }
}
