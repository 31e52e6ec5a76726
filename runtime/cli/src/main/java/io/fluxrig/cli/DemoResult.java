package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Verdict;
import io.fluxrig.simulate.TerminalStats;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a demo run did. Everything is counted at the terminals but {@code late} (replies that matched nothing, counted by the switch), {@code inDoubt}
 * (from the vault: requests that left for a scheme whose own answer reached no terminal) and {@code leaves}.
 */
record DemoResult(TerminalStats terminals, long late, long inDoubt, Verdict verdict, String scenario, Path dataDir) {

    int exitCode() {
        return verdict.intact() ? 0 : verdict.exitCode();
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("sent", terminals.sent())
                .put("answered", terminals.answered())
                .put("approved", terminals.approved())
                .put("declined", terminals.declined())
                .put("failed", terminals.failed())
                .put("timeouts", terminals.timeouts())
                .put("late", late)
                .put("duplicates", terminals.duplicates())
                .put("inDoubt", inDoubt)
                .put("crossWired", terminals.crossWired())
                .put("tps", rounded(terminals.tps()))
                .put("p50Ms", rounded(terminals.p50Ms()))
                .put("p99Ms", rounded(terminals.p99Ms()))
                .put("leaves", verdict.counts().leaves())
                .put("auditIntact", verdict.intact())
                .put("scenario", scenario)
                .put("dataDir", dataDir.toString());
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    void print(PrintWriter out, boolean kept) {
        out.println();
        out.printf(
                "%,d requests were sent by 16 terminals, %,d answered, %,d could not be told.%n",
                terminals.sent(), terminals.answered(), terminals.failed());
        out.printf(
                "  approved %,d   declined %,d (of these %,d because no scheme answered in time)%n",
                terminals.approved(), terminals.declined(), terminals.timeouts());
        out.printf(
                "  %.0f a second, half of them answered within %.1f ms, 99 of 100 within %.1f ms%n",
                terminals.tps(), terminals.p50Ms(), terminals.p99Ms());
        out.printf(
                "  %,d replies came too late and were delivered to nobody; %,d reached the wrong terminal%n",
                late, terminals.crossWired());
        out.printf("  %,d requests are in doubt: a scheme may have approved what the terminal was not told%n", inDoubt);
        out.println();
        out.println("The vault recorded every step of every signal:");
        AuditVerifyCommand.print(verdict, out);
        out.println();
        if (kept) {
            out.println("Look at it:  fluxrig audit list --data " + dataDir + " --in-doubt");
            out.println("             fluxrig audit replay --data " + dataDir);
        } else {
            out.println(
                    "Keep the data with --data DIR, then try: fluxrig audit list, audit show, audit verify, audit replay");
        }
    }
}
