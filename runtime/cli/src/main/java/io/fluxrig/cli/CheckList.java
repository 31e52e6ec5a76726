package io.fluxrig.cli;

import io.fluxrig.cli.Checkup.Finding;
import io.fluxrig.cli.Checkup.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What a checkup has found so far, in the order in which it looked. */
final class CheckList {
    private final List<Finding> findings = new ArrayList<>();

    void fine(String check, String what) {
        add(check, Verdict.FINE, what, "");
    }

    void warn(String check, String what, String advice) {
        add(check, Verdict.WARNING, what, advice);
    }

    void fail(String check, String what, String advice) {
        add(check, Verdict.FAILED, what, advice);
    }

    void add(String check, Verdict verdict, String what, String advice) {
        findings.add(new Finding(check, verdict, what, advice));
    }

    List<Finding> all() {
        return List.copyOf(findings);
    }
}
