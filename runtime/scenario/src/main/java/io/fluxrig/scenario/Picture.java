package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Lane;
import io.fluxrig.scenario.Scenario.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A scenario as a picture: gears in columns in the order in which a signal meets them, wires between them, what comes back underneath. */
public final class Picture {
    private static final int WIDTH = 170;
    private static final int HEIGHT = 56;
    private static final int COLUMN = 290;
    private static final int ROW = 112;
    private static final int MARGIN = 40;
    private static final int TITLE = 70;
    private static final int LANE = 26;
    private static final String ERROR = "error";

    /** Wires between the same two gears, drawn as one. */
    private record Edge(String from, String to) {}

    private record Bundle(List<Wire> wires) {
        boolean hot() {
            return wires.stream().allMatch(w -> w.lane() == Lane.HOT);
        }

        boolean errors() {
            return wires.stream().allMatch(w -> w.from().port().equals(ERROR));
        }

        String label() {
            List<String> ports =
                    wires.stream().map(w -> w.from().port()).distinct().toList();
            return ports.size() > 3
                    ? ports.get(0) + ", " + ports.get(1) + " +" + (ports.size() - 2)
                    : String.join(", ", ports);
        }
    }

    private record Place(int x, int y) {}

    private final String title;
    private final List<GearDef> gears;
    private final Predicate<GearDef> outside;
    private final Map<Edge, Bundle> edges = new LinkedHashMap<>();
    /** Short ones first, so that the lanes of long ones lie beneath and do not cross them. */
    private final List<Edge> backwards = new ArrayList<>();

    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private int rows;

    private Picture(String title, List<GearDef> gears, List<Wire> wires, Predicate<GearDef> outside) {
        this.title = title;
        this.gears = gears;
        this.outside = outside;
        for (Wire wire : wires) {
            Edge edge = new Edge(wire.from().gear(), wire.to().gear());
            edges.computeIfAbsent(edge, e -> new Bundle(new ArrayList<>()))
                    .wires()
                    .add(wire);
        }
        layOut();
    }

    /** @param outside whether a gear reaches outside the Rack: drawn at the border */
    public static Picture of(String title, List<GearDef> gears, List<Wire> wires, Predicate<GearDef> outside) {
        return new Picture(title, gears, wires, outside);
    }

    private void layOut() {
        Set<String> done = new HashSet<>();
        gears.forEach(gear -> walk(gear.name(), new HashSet<>(), done));
        gears.forEach(gear -> columns.put(gear.name(), 0));
        for (int i = 0; i < gears.size(); i++) {
            edges.keySet().stream()
                    .filter(e -> !backwards.contains(e))
                    .forEach(e -> columns.merge(e.to(), columns.get(e.from()) + 1, Math::max));
        }
        Map<Integer, List<String>> byColumn = new TreeMap<>();
        gears.forEach(gear -> byColumn.computeIfAbsent(columns.get(gear.name()), c -> new ArrayList<>())
                .add(gear.name()));
        rows = byColumn.values().stream().mapToInt(List::size).max().orElse(1);
        byColumn.forEach((column, names) -> {
            int top = TITLE + MARGIN + (rows - names.size()) * ROW / 2;
            for (int i = 0; i < names.size(); i++) {
                places.put(names.get(i), new Place(MARGIN + column * COLUMN, top + i * ROW));
            }
        });
        backwards.sort(Comparator.comparingInt((Edge back) -> columns.get(back.from()) - columns.get(back.to()))
                .thenComparing(back -> -places.get(back.from()).y()));
    }

    /** What leads back to a gear that the walk has come through is drawn backwards. */
    private void walk(String gear, Set<String> above, Set<String> done) {
        if (!done.add(gear)) {
            return;
        }
        above.add(gear);
        for (Edge edge : edges.keySet()) {
            if (edge.from().equals(gear)) {
                if (above.contains(edge.to())) {
                    backwards.add(edge);
                } else {
                    walk(edge.to(), above, done);
                }
            }
        }
        above.remove(gear);
    }

    /** As SVG, without a script, a font or anything else from elsewhere. */
    public String svg() {
        int wide = 3 * MARGIN
                + WIDTH
                + COLUMN * columns.values().stream().mapToInt(i -> i).max().orElse(0);
        int lanes = backwards.size();
        int high = TITLE + 2 * MARGIN + rows * ROW + lanes * LANE - 20;
        StringBuilder out = new StringBuilder()
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(wide)
                .append(' ')
                .append(high)
                .append("\" width=\"")
                .append(wide)
                .append("\" height=\"")
                .append(high)
                .append("\" font-family=\"Helvetica, Arial, sans-serif\">\n")
                .append("<defs>")
                .append(arrow("go", "#37516b"))
                .append(arrow("err", "#b3402e"))
                .append("</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fbfaf7\"/>\n")
                .append("<text x=\"40\" y=\"48\" font-size=\"22\" font-weight=\"bold\" fill=\"#22303c\">")
                .append(escaped(title))
                .append("</text>\n")
                .append("<text x=\"40\" y=\"70\" font-size=\"12\" fill=\"#5d6b78\">")
                .append(
                        "Blue reaches outside the Rack. A dashed wire is on the hot lane, a red one carries errors, a thick one leads to another Rack.")
                .append("</text>\n");
        edges.forEach((edge, bundle) -> draw(out, edge, bundle));
        gears.forEach(gear -> box(out, gear));
        return out.append("</svg>\n").toString();
    }

    private static String arrow(String id, String colour) {
        return "<marker id=\"" + id
                + "\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">"
                + "<path d=\"M0 0L10 5L0 10z\" fill=\"" + colour + "\"/></marker>";
    }

    private void box(StringBuilder out, GearDef gear) {
        Place p = places.get(gear.name());
        boolean border = outside.test(gear);
        out.append(String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>%n",
                p.x(),
                p.y(),
                WIDTH,
                HEIGHT,
                border ? "#e3eefb" : "#ffffff",
                border ? "#2f6db3" : "#7d8b99",
                border ? "2.5" : "1.5"));
        out.append(String.format(
                "<text x=\"%d\" y=\"%d\" font-size=\"15\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#22303c\">%s</text>%n",
                p.x() + WIDTH / 2, p.y() + 24, escaped(gear.name())));
        out.append(String.format(
                "<text x=\"%d\" y=\"%d\" font-size=\"12\" text-anchor=\"middle\" fill=\"#5d6b78\">%s%s</text>%n",
                p.x() + WIDTH / 2,
                p.y() + 43,
                escaped(gear.type()),
                gear.deploy().map(d -> " on " + escaped(d)).orElse("")));
    }

    /** A wire as drawn, and where its name stands. */
    private record Line(String path, int labelX, int labelY) {}

    private void draw(StringBuilder out, Edge edge, Bundle bundle) {
        String colour = bundle.errors() ? "#b3402e" : "#37516b";
        Place from = places.get(edge.from());
        Place to = places.get(edge.to());
        int lane = backwards.indexOf(edge) + 1;
        boolean skips = columns.get(edge.to()) - columns.get(edge.from()) > 1;
        Line line = lane > 0 ? back(edge.from(), from, to, lane) : skips ? under(from, to) : onward(from, to);
        out.append(String.format(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s marker-end=\"url(#%s)\"/>%n",
                line.path(),
                colour,
                betweenRacks(edge, bundle) ? "4" : "1.8",
                bundle.hot() ? " stroke-dasharray=\"6 4\"" : "",
                bundle.errors() ? "err" : "go"));
        out.append(String.format(
                "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"middle\" fill=\"%s\" stroke=\"#fbfaf7\" stroke-width=\"4\" paint-order=\"stroke\">%s</text>%n",
                line.labelX(), line.labelY(), colour, escaped(bundle.label())));
    }

    private boolean betweenRacks(Edge edge, Bundle bundle) {
        Optional<String> from = rackOf(edge.from());
        return bundle.wires().stream()
                .map(wire -> wire.to().rack().or(() -> rackOf(edge.to())))
                .anyMatch(to -> to.isPresent() && !to.equals(from));
    }

    private Optional<String> rackOf(String gear) {
        return gears.stream().filter(def -> def.name().equals(gear)).findFirst().flatMap(GearDef::rack);
    }

    private static Line onward(Place from, Place to) {
        int x1 = from.x() + WIDTH;
        int y1 = from.y() + HEIGHT / 2;
        int y2 = to.y() + HEIGHT / 2;
        int bend = Math.max(50, (to.x() - x1) / 2);
        String path = String.format("M%d %d C%d %d %d %d %d %d", x1, y1, x1 + bend, y1, to.x() - bend, y2, to.x(), y2);
        return new Line(path, (x1 + to.x()) / 2, (y1 + y2) / 2 - (y1 == y2 ? 7 : -4));
    }

    /** Under the columns between. */
    private static Line under(Place from, Place to) {
        int x1 = from.x() + WIDTH - 30;
        int y2 = to.y() + HEIGHT / 2 + 8;
        int under = Math.max(from.y(), to.y()) + HEIGHT + 10;
        String path = String.format(
                "M%d %d C%d %d %d %d %d %d", x1, from.y() + HEIGHT, x1 + 40, under, to.x() - 150, under, to.x(), y2);
        return new Line(path, (x1 + to.x()) / 2, under - 22);
    }

    /** Down to a lane of its own beneath everything, and up into the gear that it leads back to. */
    private Line back(String gear, Place from, Place to, int lane) {
        boolean lowest = places.entrySet().stream()
                .noneMatch(e -> columns.get(e.getKey()).equals(columns.get(gear))
                        && e.getValue().y() > from.y());
        int floor = TITLE + MARGIN + rows * ROW + lane * LANE - 30;
        int down = lowest ? from.x() + 22 : from.x() + WIDTH + 12 + 8 * (lane % 4);
        int up = to.x() + WIDTH / 2 + 24 - 10 * (lane % 6);
        int y = from.y() + HEIGHT / 2 + 8;
        String start = lowest
                ? String.format("M%d %d", down, from.y() + HEIGHT)
                : String.format("M%d %d Q%d %d %d %d", from.x() + WIDTH, y, down, y, down, y + 12);
        String rest = String.format(
                " L%d %d Q%d %d %d %d L%d %d Q%d %d %d %d L%d %d",
                down,
                floor - 12,
                down,
                floor,
                down - 12,
                floor,
                up + 12,
                floor,
                up,
                floor,
                up,
                floor - 12,
                up,
                to.y() + HEIGHT);
        return new Line(start + rest, (down + up) / 2, floor - 7);
    }

    /** As a Mermaid flow chart. */
    public String mermaid() {
        StringBuilder out = new StringBuilder("flowchart LR\n");
        for (GearDef gear : gears) {
            String text = "\"" + gear.name() + "<br/><small>" + gear.type() + "</small>\"";
            out.append("  ")
                    .append(id(gear.name()))
                    .append(outside.test(gear) ? "([" + text + "])" : "[" + text + "]")
                    .append('\n');
        }
        edges.forEach((edge, bundle) -> out.append("  ")
                .append(id(edge.from()))
                .append(bundle.hot() ? " -.->|" : " -->|")
                .append(bundle.label())
                .append("| ")
                .append(id(edge.to()))
                .append('\n'));
        return out.toString();
    }

    private static String id(String gear) {
        return "g_" + gear.replace('-', '_');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
