package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.spec.Finding;
import java.io.PrintWriter;
import java.util.List;

/** Shows findings to people and programs. */
final class Findings {
    private static final int EXIT = 5;

    private Findings() {}

    /** Text of a stranger's file, so that it cannot steer a terminal. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    /** Prints all of them; returns 5 where one is an error, 0 otherwise. */
    static int report(List<Finding> findings, boolean json, PrintWriter out, PrintWriter err) {
        long errors = findings.stream().filter(f -> !f.warning()).count();
        if (json) {
            ObjectNode document = JsonNodeFactory.instance
                    .objectNode()
                    .put("errors", errors)
                    .put("warnings", findings.size() - errors);
            ArrayNode all = document.putArray("findings");
            for (Finding f : findings) {
                all.addObject()
                        .put("file", f.file())
                        .put("line", f.line())
                        .put("column", f.column())
                        .put("severity", f.warning() ? "warning" : "error")
                        .put("code", f.code().code())
                        .put("what", f.what())
                        .put("hint", f.hint());
            }
            out.println(document);
            out.flush();
        } else {
            findings.forEach(f -> err.println(f.text()));
            if (errors == 0) {
                out.println("ok" + (findings.isEmpty() ? "" : ", " + findings.size() + " warnings"));
            }
            err.flush();
            out.flush();
        }
        return errors > 0 ? EXIT : 0;
    }
}
