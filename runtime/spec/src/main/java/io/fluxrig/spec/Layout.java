package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A layout of digits for dates and times, such as {@code MMDDhhmmss}. After hours, {@code MM} are minutes whatever their case. */
final class Layout {
    private static final int MAX = 17;

    private enum Unit {
        YEAR,
        MONTH,
        DAY,
        DAY_OF_YEAR,
        HOUR,
        MINUTE,
        SECOND,
        FRACTION
    }

    private record Group(Unit unit, int from, int length) {}

    private final String text;
    private final Group[] groups;

    private Layout(String text, Group[] groups) {
        this.text = text;
        this.groups = groups;
    }

    /** Empty where the letters make no date and no time. */
    static Optional<Layout> of(String text) {
        if (text.isEmpty() || text.length() > MAX) {
            return Optional.empty();
        }
        List<Group> groups = new ArrayList<>();
        boolean hours = false;
        for (int from = 0; from < text.length(); ) {
            int to = from + 1;
            while (to < text.length() && text.charAt(to) == text.charAt(from)) {
                to++;
            }
            Unit unit = unit(text.charAt(from), to - from, hours);
            if (unit == null || groups.stream().anyMatch(g -> g.unit() == unit)) {
                return Optional.empty();
            }
            hours |= unit == Unit.HOUR;
            groups.add(new Group(unit, from, to - from));
            from = to;
        }
        return Optional.of(new Layout(text, groups.toArray(Group[]::new)));
    }

    private static Unit unit(char letter, int length, boolean afterHours) {
        Unit unit = switch (letter) {
            case 'Y', 'y' -> length == 2 || length == 4 ? Unit.YEAR : null;
            case 'M' -> afterHours ? Unit.MINUTE : Unit.MONTH;
            case 'D', 'd' -> length == 3 ? Unit.DAY_OF_YEAR : Unit.DAY;
            case 'H', 'h' -> Unit.HOUR;
            case 'm' -> Unit.MINUTE;
            case 's' -> Unit.SECOND;
            case 'S' -> length == 3 ? Unit.FRACTION : Unit.SECOND;
            default -> null;
        };
        boolean pair = unit != Unit.YEAR && unit != Unit.DAY_OF_YEAR && unit != Unit.FRACTION;
        return pair && length != 2 ? null : unit;
    }

    /** What a format of this kind has where the spec names no layout; empty where the length does not say. */
    static Optional<Layout> usual(Format.Kind kind, int length) {
        return switch (kind) {
            case DATE -> of(length == 4 ? "MMDD" : length == 6 ? "YYMMDD" : length == 8 ? "YYYYMMDD" : "");
            case TIME -> of(length == 4 ? "hhmm" : length == 6 ? "hhmmss" : "");
            case DATETIME ->
                of(length == 10 ? "MMDDhhmmss" : length == 12 ? "YYMMDDhhmmss" : length == 14 ? "YYYYMMDDhhmmss" : "");
            case PAN, AMOUNT, NUMERIC -> Optional.empty();
        };
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    boolean hasDate() {
        return has(Unit.YEAR) || has(Unit.MONTH) || has(Unit.DAY) || has(Unit.DAY_OF_YEAR);
    }

    boolean hasTime() {
        return has(Unit.HOUR) || has(Unit.MINUTE) || has(Unit.SECOND) || has(Unit.FRACTION);
    }

    private boolean has(Unit unit) {
        for (Group group : groups) {
            if (group.unit() == unit) {
                return true;
            }
        }
        return false;
    }

    /** Whether the value is a date or time that exists; without a year, 29 February does. */
    boolean fits(String value) {
        if (value.length() != text.length() || !Format.isDigits(value)) {
            return false;
        }
        int year = 2000;
        int month = 0;
        int day = 0;
        for (Group group : groups) {
            int number = Integer.parseInt(value, group.from(), group.from() + group.length(), 10);
            boolean fits = switch (group.unit()) {
                case YEAR -> {
                    year = group.length() == 2 ? 2000 + number : number;
                    yield true;
                }
                case MONTH -> {
                    month = number;
                    yield number >= 1 && number <= 12;
                }
                case DAY -> {
                    day = number;
                    yield number >= 1 && number <= 31;
                }
                case DAY_OF_YEAR -> number >= 1 && number <= 366;
                case HOUR -> number <= 23;
                case MINUTE, SECOND -> number <= 59;
                case FRACTION -> true;
            };
            if (!fits) {
                return false;
            }
        }
        return month == 0 || day <= daysOf(month, year);
    }

    private static int daysOf(int month, int year) {
        return switch (month) {
            case 4, 6, 9, 11 -> 30;
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            default -> 31;
        };
    }
}
