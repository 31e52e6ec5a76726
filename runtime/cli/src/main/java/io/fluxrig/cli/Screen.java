package io.fluxrig.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A page in the terminal that is drawn over the one before. Closed, or stopped with Ctrl-C, it leaves the terminal as it was. */
final class Screen implements AutoCloseable {
    private static final String ESC = "\033[";
    private static final String HOME = ESC + "H";
    private static final String CLEAR_LINE = ESC + "2K";
    private static final String CLEAR_REST = ESC + "J";
    /** No cursor that jumps about, and long lines end at the edge. */
    private static final String BEGIN = ESC + "?25l" + ESC + "?7l" + HOME + CLEAR_REST;

    private static final String END = ESC + "?7h" + ESC + "?25h";
    private static final int USUAL_ROWS = 24;

    private final PrintWriter out;
    private final Thread whenStopped = new Thread(this::restore);

    Screen(PrintWriter out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(whenStopped);
        out.print(BEGIN);
    }

    /** Whether somebody looks at standard output. */
    static boolean isThere() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            // Java 21 has a console only where there is a terminal.
            return true;
        }
    }

    void draw(List<String> lines) {
        out.print(frame(lines, rows()));
        out.flush();
    }

    /** What draws these lines over what is there; the last row stays free for the cursor. */
    static String frame(List<String> lines, int rows) {
        List<String> shown = new ArrayList<>(lines);
        int room = Math.max(2, rows - 1);
        if (lines.size() > room) {
            shown = new ArrayList<>(lines.subList(0, room - 1));
            shown.add("... " + (lines.size() - shown.size()) + " lines more");
        }
        StringBuilder frame = new StringBuilder(HOME);
        shown.forEach(line -> frame.append(CLEAR_LINE).append(line).append('\n'));
        return frame.append(CLEAR_REST).toString();
    }

    /** Asked each time, as windows are pulled larger and smaller; nothing in Java tells. */
    private static int rows() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return size.matches("[1-9]\\d{0,3} \\d+\\s*")
                    ? Integer.parseInt(size.substring(0, size.indexOf(' ')))
                    : USUAL_ROWS;
        } catch (IOException notHere) {
            return USUAL_ROWS;
        }
    }

    private void restore() {
        out.print(END);
        out.flush();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
        restore();
    }
}
