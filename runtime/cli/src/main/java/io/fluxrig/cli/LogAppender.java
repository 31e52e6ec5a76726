package io.fluxrig.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each event as one line to standard error, as text or as JSON. Control characters never reach a terminal or a parser; a source that writes more than
 * {@link #setLinesPerSecond} is held back, and its next line says how many were.
 */
public final class LogAppender extends AppenderBase<ILoggingEvent> {
    static final int MAX_TEXT = 2_000;
    private static final int MAX_SOURCES = 1_000;
    private static final int MAX_FRAMES = 200;

    private static final class Budget {
        private long second;
        private int written;
        private long heldBack;
    }

    private final Map<String, Budget> budgets = new HashMap<>();
    private final PrintStream out;
    private boolean json;
    private boolean wholeStacks;
    private int linesPerSecond = 50;

    public LogAppender() {
        this(System.err);
    }

    LogAppender(PrintStream out) {
        this.out = out;
    }

    /** {@code json} or {@code text}. */
    public void setFormat(String format) {
        json = format.equals("json");
    }

    /** {@code full} or {@code short}. */
    public void setStack(String stack) {
        wholeStacks = stack.equals("full");
    }

    public void setLinesPerSecond(int lines) {
        linesPerSecond = lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Budget budget = budgets.size() < MAX_SOURCES
                ? budgets.computeIfAbsent(event.getLoggerName(), n -> new Budget())
                : budgets.getOrDefault(
                        event.getLoggerName(), budgets.values().iterator().next());
        long second = event.getTimeStamp() / 1_000;
        if (budget.second != second) {
            budget.second = second;
            budget.written = 0;
        }
        if (budget.written >= linesPerSecond) {
            budget.heldBack++;
            return;
        }
        budget.written++;
        long heldBack = budget.heldBack;
        budget.heldBack = 0;
        out.println(json ? json(event, heldBack) : text(event, heldBack));
    }

    private String text(ILoggingEvent event, long heldBack) {
        StringBuilder line = new StringBuilder(120)
                .append(event.getInstant())
                .append(' ')
                .append(String.format("%-5s ", event.getLevel()))
                .append(source(event))
                .append(' ')
                .append(clean(event.getFormattedMessage()));
        id(event).ifPresent(id -> line.append(" [").append(clean(id)).append(']'));
        if (heldBack > 0) {
            line.append(" (").append(heldBack).append(" lines of this source were held back)");
        }
        String stack = stack(event.getThrowableProxy());
        return stack.isEmpty()
                ? line.toString()
                : line.append(System.lineSeparator()).append(stack).toString();
    }

    private ObjectNode json(ILoggingEvent event, long heldBack) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("at", event.getInstant().toString())
                .put("level", event.getLevel().toString())
                .put("source", source(event))
                .put("text", clean(event.getFormattedMessage()));
        id(event).ifPresent(id -> line.put("id", clean(id)));
        if (heldBack > 0) {
            line.put("heldBack", heldBack);
        }
        String stack = stack(event.getThrowableProxy());
        if (!stack.isEmpty()) {
            line.put("stack", stack);
        }
        return line;
    }

    private static String source(ILoggingEvent event) {
        String name = event.getLoggerName();
        return clean(name.substring(name.lastIndexOf('.') + 1));
    }

    /** The fluxID that the event is about. */
    private static Optional<String> id(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
        return pairs.stream()
                .filter(pair -> pair.key.equals("id"))
                .map(pair -> String.valueOf(pair.value))
                .filter(id -> !id.isEmpty())
                .findFirst();
    }

    private String stack(IThrowableProxy thrown) {
        if (thrown == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(clean(thrown.getClassName() + ": " + thrown.getMessage()));
        int frames = Math.min(thrown.getStackTraceElementProxyArray().length, wholeStacks ? MAX_FRAMES : 1);
        for (int i = 0; i < frames; i++) {
            text.append(System.lineSeparator())
                    .append("    ")
                    .append(clean(thrown.getStackTraceElementProxyArray()[i].getSTEAsString()));
        }
        if (thrown.getCause() != null && wholeStacks) {
            text.append(System.lineSeparator()).append("  by ").append(stack(thrown.getCause()));
        }
        return text.toString();
    }

    /** Without anything that a terminal or a reader of lines could take for more than text, and not without end. */
    static String clean(String text) {
        String whole = String.valueOf(text);
        String shown = whole.length() > MAX_TEXT ? whole.substring(0, MAX_TEXT) + "..." : whole;
        StringBuilder clean = new StringBuilder(shown.length());
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            boolean harmless = !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT
                    && c != '\u2028'
                    && c != '\u2029';
            if (harmless) {
                clean.append(c);
            } else {
                clean.append(String.format("\\u%04x", (int) c));
            }
        }
        return clean.toString();
    }
}
