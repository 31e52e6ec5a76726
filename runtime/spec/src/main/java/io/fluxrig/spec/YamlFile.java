package io.fluxrig.spec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 in the small form that people need: one document of maps, lists and scalars. Aliases, anchors, tags, merge keys, duplicate
 * keys, more than 1 MiB and more than 32 levels are refused with their position.
 */
public final class YamlFile {
    static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 32;

    /** JSON is YAML, but the scanner stops at the tabs that people indent it with; in front of a line of JSON they mean nothing. */
    private static final Pattern JSON = Pattern.compile("\\s*\\{");

    private static final Pattern INDENTATION = Pattern.compile("^[ \t]+", Pattern.MULTILINE | Pattern.UNIX_LINES);

    private static final int MAX_NODES = 200_000;

    private final String file;
    private final List<Finding> findings;
    private final Parser parser;
    private int nodes;

    private YamlFile(String file, List<Finding> findings, Parser parser) {
        this.file = file;
        this.findings = findings;
        this.parser = parser;
    }

    /** Stops reading; what was wrong is in the findings already. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super(null, null, false, false);
        }
    }

    /** The root, or empty with the reason added to {@code findings}. */
    public static Optional<YamlNode> parse(String file, byte[] content, List<Finding> findings) {
        if (content.length > MAX_BYTES) {
            findings.add(new Finding(file, 1, 1, SpecError.YAML, "the file is larger than 1 MiB", "split it"));
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            if (JSON.matcher(text).lookingAt()) {
                text = INDENTATION.matcher(text).replaceAll(tabs -> tabs.group().replace('\t', ' '));
            }
            LoadSettings settings = LoadSettings.builder()
                    .setCodePointLimit(MAX_BYTES)
                    .setUseMarks(true)
                    .build();
            YamlFile reader = new YamlFile(file, findings, new ParserImpl(settings, new StreamReader(settings, text)));
            return Optional.of(reader.document());
        } catch (CharacterCodingException notText) {
            findings.add(new Finding(file, 1, 1, SpecError.YAML, "the file is not UTF-8", "save it as UTF-8"));
        } catch (MarkedYamlEngineException malformed) {
            Mark mark = malformed.getProblemMark().orElse(null);
            int line = mark == null ? 1 : mark.getLine() + 1;
            int column = mark == null ? 1 : mark.getColumn() + 1;
            findings.add(
                    new Finding(file, line, column, SpecError.YAML, malformed.getProblem(), "repair the YAML there"));
        } catch (YamlEngineException malformed) {
            findings.add(new Finding(file, 1, 1, SpecError.YAML, "the file is not YAML", "repair it"));
        } catch (Stop told) {
            // the finding says why
        }
        return Optional.empty();
    }

    private YamlNode document() {
        expect(Event.ID.StreamStart);
        Event first = parser.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw stop(first, "the file is empty");
        }
        YamlNode root = node(parser.next(), 0);
        expect(Event.ID.DocumentEnd);
        Event last = parser.next();
        if (last.getEventId() != Event.ID.StreamEnd) {
            throw stop(last, "a second document begins");
        }
        return root;
    }

    private void expect(Event.ID id) {
        Event event = parser.next();
        if (event.getEventId() != id) {
            throw stop(event, "unexpected content");
        }
    }

    private YamlNode node(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw stop(event, "nested deeper than " + MAX_DEPTH);
        }
        if (++nodes > MAX_NODES) {
            throw stop(event, "more than " + MAX_NODES + " nodes");
        }
        if (event instanceof AliasEvent) {
            throw stop(event, "an alias");
        }
        if (event instanceof NodeEvent anchored && anchored.getAnchor().isPresent()) {
            throw stop(event, "an anchor");
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar);
        }
        if (event instanceof CollectionStartEvent start) {
            if (start.getTag().isPresent()) {
                throw stop(event, "a tag");
            }
            return event.getEventId() == Event.ID.SequenceStart ? sequence(event, depth) : mapping(event, depth);
        }
        throw stop(event, "unexpected content");
    }

    private YamlNode.Scalar scalar(ScalarEvent event) {
        if (event.getTag().isPresent()) {
            throw stop(event, "a tag");
        }
        Mark from = event.getStartMark().orElseThrow();
        Mark to = event.getEndMark().orElseThrow();
        boolean quoted = event.getScalarStyle() != ScalarStyle.PLAIN;
        return new YamlNode.Scalar(
                event.getValue(), quoted, from.getLine() + 1, from.getColumn() + 1, from.getIndex(), to.getIndex());
    }

    private YamlNode sequence(Event start, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = parser.next(); event.getEventId() != Event.ID.SequenceEnd; event = parser.next()) {
            items.add(node(event, depth + 1));
        }
        return new YamlNode.Sequence(items, line(start), column(start));
    }

    private YamlNode mapping(Event start, int depth) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        for (Event event = parser.next(); event.getEventId() != Event.ID.MappingEnd; event = parser.next()) {
            if (!(node(event, depth + 1) instanceof YamlNode.Scalar key)) {
                throw stop(event, "a key that is not a word");
            }
            if (key.text().equals("<<")) {
                throw stop(event, "a merge key");
            }
            YamlNode value = node(parser.next(), depth + 1);
            if (entries.putIfAbsent(key.text(), new YamlNode.Entry(key, value)) != null) {
                findings.add(new Finding(
                        file,
                        key.line(),
                        key.column(),
                        SpecError.YAML,
                        "'" + shown(key.text()) + "' stands here twice",
                        "keep one of them"));
            }
        }
        return new YamlNode.Mapping(entries, line(start), column(start));
    }

    private static String shown(String key) {
        return key.length() > 60 ? key.substring(0, 60) + "..." : key;
    }

    private Stop stop(Event event, String what) {
        findings.add(new Finding(
                file, line(event), column(event), SpecError.YAML, what + " is not accepted", "write it out"));
        return new Stop();
    }

    private static int line(Event event) {
        return event.getStartMark().map(m -> m.getLine() + 1).orElse(1);
    }

    private static int column(Event event) {
        return event.getStartMark().map(m -> m.getColumn() + 1).orElse(1);
    }
}
