package io.fluxrig.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one way in which a scenario file is laid out: sections in a fixed order with one empty line between them, {@code wires} where it said {@code pipes}, no blanks
 * at the ends of lines. Comments stay with what they stand above.
 */
public final class ScenarioFormat {
    private static final List<String> ORDER =
            List.of("meta", "racks", "gears", "wires", "specs", "limits", "residency");

    private ScenarioFormat() {}

    /** Works on a file without errors; what stands in it is the same afterwards. */
    public static String format(String text) {
        List<String> head = new ArrayList<>();
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> above = new ArrayList<>();
        List<String> current = null;
        for (String line : text.replace("\r\n", "\n").split("\n", -1)) {
            String trimmed = line.stripTrailing();
            boolean key = trimmed.matches("[a-z-]+:.*");
            if (key) {
                String name = trimmed.substring(0, trimmed.indexOf(':'));
                String section = name.equals("pipes") && !sections.containsKey("wires") ? "wires" : name;
                if (sections.isEmpty()) {
                    splitHead(above, head);
                }
                current = new ArrayList<>(above);
                above.clear();
                current.add(section + trimmed.substring(trimmed.indexOf(':')));
                sections.put(section, current);
            } else if (current == null || trimmed.startsWith("#") || trimmed.isEmpty()) {
                above.add(trimmed);
            } else {
                current.addAll(above);
                above.clear();
                current.add(trimmed);
            }
        }
        return joined(head, sections, above);
    }

    /** A comment at the top that an empty line sets apart belongs to the file. */
    private static void splitHead(List<String> above, List<String> head) {
        int cut = above.lastIndexOf("") + 1;
        boolean ownBlock = cut > 0 || above.stream().allMatch(l -> l.startsWith("#"));
        int until = ownBlock && cut == 0 ? above.size() : cut;
        head.addAll(above.subList(0, until));
        above.subList(0, until).clear();
    }

    private static String joined(List<String> head, Map<String, List<String>> sections, List<String> tail) {
        List<List<String>> blocks = new ArrayList<>();
        ORDER.forEach(name -> {
            if (sections.containsKey(name)) {
                blocks.add(sections.remove(name));
            }
        });
        blocks.addAll(sections.values());
        blocks.add(tail);
        StringBuilder out = new StringBuilder();
        squeezed(head).forEach(line -> out.append(line).append('\n'));
        for (List<String> block : blocks) {
            List<String> lines = squeezed(block);
            if (!lines.isEmpty()) {
                if (!out.isEmpty()
                        && !(head.size() > 0
                                && block == blocks.getFirst()
                                && !head.getLast().isEmpty())) {
                    out.append('\n');
                }
                lines.forEach(line -> out.append(line).append('\n'));
            }
        }
        return out.toString();
    }

    /** No empty lines at the ends, and never two in a row. */
    private static List<String> squeezed(List<String> lines) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            if (!line.isEmpty() || !kept.isEmpty() && !kept.getLast().isEmpty()) {
                kept.add(line);
            }
        }
        while (!kept.isEmpty() && kept.getLast().isEmpty()) {
            kept.removeLast();
        }
        return kept;
    }
}
