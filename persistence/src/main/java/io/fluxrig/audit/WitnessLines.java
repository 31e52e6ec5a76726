package io.fluxrig.audit;

import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.Cosignature;
import io.fluxrig.signal.VerifyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The largest checkpoint that each pinned witness has signed. */
final class WitnessLines {
    private final Map<String, VerifyKey> pinned;
    private final Map<String, Verdict.Witnessed> largest = new TreeMap<>();

    WitnessLines(Map<String, VerifyKey> pinned) {
        this.pinned = pinned;
    }

    /**
     * @return who signed this note
     * @throws io.fluxrig.signal.FluxException CHECKPOINT where a line claims to be a pinned witness's and does not verify
     */
    List<Verdict.Witnessed> in(byte[] note) {
        Checkpoint.Note parsed = Checkpoint.parse(note);
        List<Verdict.Witnessed> all = new ArrayList<>();
        pinned.forEach((name, key) -> Cosignature.seenAt(parsed, name, key)
                .ifPresent(time ->
                        all.add(new Verdict.Witnessed(name, parsed.checkpoint().size(), time))));
        return all;
    }

    /** The checkpoint of these lines fits the log. */
    void count(List<Verdict.Witnessed> lines) {
        lines.forEach(line -> largest.merge(line.witness(), line, (a, b) -> a.size() >= b.size() ? a : b));
    }

    List<Verdict.Witnessed> counted() {
        return List.copyOf(largest.values());
    }
}
