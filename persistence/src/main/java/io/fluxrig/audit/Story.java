package io.fluxrig.audit;

import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.VaultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** The leaves of a signal and of every signal that it caused: answers, derived ones, and theirs in turn. At most 10,000 signals. */
public final class Story {
    private static final int MAX_SIGNALS = 10_000;

    private Story() {}

    /** Looked up in the index of a Rack; the log itself is read where none can be kept. */
    public static List<Leaf> of(RackFiles files, DataKeys keys, long signal, LongConsumer progress) {
        LeafIndex index;
        try {
            index = LeafIndex.upToDate(files, keys, progress);
        } catch (FluxException readOnly) {
            return read(VaultReader.at(files.wal()), keys, signal);
        }
        Set<Long> leaves = new TreeSet<>();
        Set<Long> signals = new HashSet<>();
        List<Long> due = new ArrayList<>(List.of(signal));
        while (!due.isEmpty() && signals.size() < MAX_SIGNALS) {
            long one = due.removeFirst();
            if (signals.add(one)) {
                index.candidates(LeafQuery.any().ofSignal(one), 0, leaves::add);
                index.candidates(LeafQuery.any().answering(one), 0, n -> {
                    index.leaf(n)
                            .map(Leaf::id)
                            .filter(id -> !signals.contains(id))
                            .ifPresent(due::add);
                    return true;
                });
            }
        }
        List<Leaf> story = new ArrayList<>();
        leaves.forEach(n -> index.leaf(n).ifPresent(story::add));
        return story;
    }

    /** Read from the leaves themselves, twice: an answer names its request only once it is matched. */
    public static List<Leaf> read(VaultReader reader, DataKeys keys, long signal) {
        Map<Long, Set<Long>> causes = new HashMap<>();
        reader.forEach(leaf -> {
            if (leaf.id() != 0 && leaf.holdsMessage()) {
                LeafForm.message(leaf, keys)
                        .filter(m -> m.refId() != 0)
                        .ifPresent(m -> causes.computeIfAbsent(m.refId(), id -> new HashSet<>())
                                .add(leaf.id()));
            }
        });
        Set<Long> signals = new HashSet<>();
        List<Long> due = new ArrayList<>(List.of(signal));
        while (!due.isEmpty() && signals.size() < MAX_SIGNALS) {
            long one = due.removeFirst();
            if (signals.add(one)) {
                due.addAll(causes.getOrDefault(one, Set.of()));
            }
        }
        List<Leaf> story = new ArrayList<>();
        reader.forEach(leaf -> {
            if (signals.contains(leaf.id())) {
                story.add(leaf);
            }
        });
        return story;
    }
}
