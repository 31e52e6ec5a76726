package io.fluxrig.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node's {@code /metrics} told at one moment. */
final class Scrape {
    private static final Pattern LINE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: [0-9.Ee+-]+)?");
    private static final Pattern BOUND = Pattern.compile("(?:^|,)le=\"([^\"]*)\"");

    /** @param labels as they are written */
    private record Figure(String name, String labels, double value) {}

    private final List<Figure> figures = new ArrayList<>();

    private Scrape() {}

    /** What is no figure in the Prometheus text format is passed over. */
    static Scrape of(String text) {
        Scrape scrape = new Scrape();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher told = LINE.matcher(line);
            if (told.matches()) {
                String labels = told.group(2) == null ? "" : told.group(2);
                scrape.figures.add(new Figure(told.group(1), labels, number(told.group(3))));
            }
        });
        return scrape;
    }

    private static double number(String text) {
        try {
            return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        } catch (NumberFormatException notOne) {
            return Double.NaN;
        }
    }

    /** The figure of this name with this label among its labels; 0 where there is none. */
    double figure(String name, String label) {
        return figures.stream()
                .filter(f ->
                        f.name().equals(name) && List.of(f.labels().split(",")).contains(label))
                .mapToDouble(Figure::value)
                .sum();
    }

    /** How many a histogram has counted up to each bound, whatever its other labels. */
    private NavigableMap<Double, Double> counted(String histogram) {
        NavigableMap<Double, Double> counted = new TreeMap<>();
        for (Figure f : figures) {
            Matcher bound = BOUND.matcher(f.labels());
            if (f.name().equals(histogram + "_bucket") && bound.find()) {
                counted.merge(number(bound.group(1)), f.value(), Double::sum);
            }
        }
        return counted;
    }

    /**
     * Below which value this part of what a histogram has counted since {@code before} lies, as exactly as its bounds allow; not a number where it has counted nothing.
     *
     * @param part such as 0.99
     */
    double quantile(String histogram, double part, Scrape before) {
        NavigableMap<Double, Double> now = counted(histogram);
        before.counted(histogram).forEach((bound, count) -> now.merge(bound, -count, Double::sum));
        double all = now.isEmpty() ? 0 : now.lastEntry().getValue();
        if (!(all > 0)) {
            return Double.NaN;
        }
        double from = 0;
        double below = 0;
        for (var each : now.entrySet()) {
            double bound = each.getKey();
            double count = each.getValue();
            if (count >= part * all && count > below) {
                return Double.isInfinite(bound) ? from : from + (bound - from) * (part * all - below) / (count - below);
            }
            from = bound;
            below = count;
        }
        return from;
    }
}
