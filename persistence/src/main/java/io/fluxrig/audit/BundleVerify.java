package io.fluxrig.audit;

import io.fluxrig.audit.Verdict.Kind;
import io.fluxrig.audit.Verdict.Problem;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/** Checks an evidence bundle against nothing but itself and the keys that the auditor pinned. */
public final class BundleVerify {
    private static final String SCENARIO = "application/vnd.fluxrig.scenario+cbor";

    private final Bundle bundle;
    private final Pinned pinned;
    private final WitnessLines witnesses;
    private final ShreddedMessages shredded = new ShreddedMessages();
    private final LongConsumer progress;
    private final List<Problem> problems = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final Set<String> scenarios = new HashSet<>();
    private final Set<String> specs = new HashSet<>();
    private final Set<String> keys = new HashSet<>();
    private long next;

    private BundleVerify(Bundle bundle, Pinned pinned, LongConsumer progress) {
        this.bundle = bundle;
        this.pinned = pinned;
        this.witnesses = new WitnessLines(pinned.witnesses());
        this.progress = progress;
        this.next = bundle.head().from();
    }

    /**
     * @param pinned keys that the auditor pinned; without root keys the verdict says {@code trust: none}
     * @param progress told the number of leaves read so far
     */
    public static Verdict run(Bundle bundle, Pinned pinned, LongConsumer progress) {
        return new BundleVerify(bundle, pinned, progress).run();
    }

    private Verdict run() {
        VaultReader.Scan scan = bundle.scan(this::seeLeaf);
        scan.problems().forEach(p -> problem(Kind.ALTERED, p.where(), p.what()));
        if (next != bundle.head().to()) {
            problem(
                    Kind.GAP,
                    "records.cborseq",
                    "ends before leaf " + next + ", due up to " + bundle.head().to());
        }
        String origin = "";
        boolean vouched = false;
        boolean sealed = false;
        try {
            SignedPassport passport = SignedPassport.read(bundle.read("passport.cose"), pinned.root());
            origin = passport.origin();
            vouched = passport.pinned();
            compareHead(passport);
            byte[] note = bundle.read("checkpoint");
            Checkpoint checkpoint = Checkpoint.verify(note, origin, passport.key());
            List<Verdict.Witnessed> lines = witnesses.in(note);
            sealed = leadsTo(checkpoint);
            witnesses.count(sealed ? lines : List.of());
        } catch (FluxException bad) {
            problem(Kind.UNTRUSTED, "passport.cose and checkpoint", bad.what());
        }
        int artifacts = verifyArtifacts();
        int blobs = verifyBlobs();
        verifyKeys();
        long leaves = next - bundle.head().from();
        Verdict.Counts counts = new Verdict.Counts(
                leaves, 0, sealed ? leaves : 0, 0, sealed ? 1 : 0, 0, shredded.count(), artifacts, blobs);
        return new Verdict(
                bundle.head().rack(),
                origin,
                counts,
                witnesses.counted(),
                new Verdict.Vouching(vouched, false),
                problems);
    }

    private void seeLeaf(byte[] encoded, String where) {
        Leaf leaf;
        try {
            leaf = Leaf.parse(encoded);
        } catch (FluxException bad) {
            problem(Kind.ALTERED, where + " leaf " + next, bad.what());
            next++;
            hashes.add(Hashes.leafHash(encoded));
            return;
        }
        if (leaf.n() != next) {
            problem(Kind.ALTERED, where, "leaf " + leaf.n() + " stands where leaf " + next + " is due");
        }
        next++;
        hashes.add(Hashes.leafHash(encoded));
        note(scenarios, leaf.scn());
        note(specs, leaf.spec());
        note(keys, leaf.digestKey());
        leaf.sealedWith().ifPresent(k -> note(keys, k));
        shredded.see(leaf);
        progress.accept(next - bundle.head().from());
    }

    private static void note(Set<String> set, Bytes value) {
        if (!value.isEmpty()) {
            set.add(value.hex());
        }
    }

    private void compareHead(SignedPassport passport) {
        Bundle.Head head = bundle.head();
        boolean same = head.site().equals(passport.site())
                && head.rack().equals(passport.rack())
                && head.rackId().equals(passport.entity().text())
                && head.generation() == passport.generation();
        if (!same) {
            problem(Kind.ALTERED, "bundle.json", "names another Rack or generation than the passport");
        }
    }

    private boolean leadsTo(Checkpoint checkpoint) {
        Bundle.Head head = bundle.head();
        if (checkpoint.size() != head.treeSize()) {
            problem(Kind.ALTERED, "bundle.json", "treeSize is not the size that the checkpoint names");
            return false;
        }
        try {
            Bytes root = Bytes.wrap(bundle.proof().root(head.from(), head.to(), head.treeSize(), hashes));
            if (root.equals(checkpoint.root())) {
                return true;
            }
            problem(Kind.ALTERED, "records.cborseq", "the leaves do not lead to the root that the checkpoint signs");
        } catch (FluxException bad) {
            problem(Kind.ALTERED, "range-proof.json", bad.what());
        }
        return false;
    }

    private int verifyArtifacts() {
        int good = 0;
        List<String> there = bundle.under("artifacts/");
        scenarios.stream()
                .filter(identity -> !there.contains(identity))
                .sorted()
                .forEach(identity -> problem(Kind.GAP, "artifacts/" + identity, "is missing"));
        for (String identity : there) {
            try {
                byte[] file = bundle.read("artifacts/" + identity);
                Bytes payload = pinned.scenario().isEmpty()
                        ? SignedArtifact.parse(file, SCENARIO).payload()
                        : SignedArtifact.verify(file, SCENARIO, pinned.scenario(), 1)
                                .payload();
                boolean named =
                        Bytes.wrap(Hashes.sha256(payload.toArray())).hex().equals(identity);
                if (!named || !scenarios.contains(identity)) {
                    problem(Kind.ALTERED, "artifacts/" + identity, "is another artifact, or one that no leaf names");
                    continue;
                }
                PinnedSpecs.of(payload).forEach(spec -> specs.add(spec.hex()));
                good++;
            } catch (FluxException bad) {
                problem(Kind.UNTRUSTED, "artifacts/" + identity, bad.what());
            }
        }
        return good;
    }

    private int verifyBlobs() {
        int good = 0;
        List<String> there = bundle.under("blobs/sha256/");
        specs.stream()
                .filter(spec -> !there.contains(spec))
                .sorted()
                .forEach(spec -> problem(Kind.GAP, "blobs/sha256/" + spec, "is missing"));
        for (String hex : there) {
            try {
                boolean fits = Bytes.wrap(Hashes.sha256(bundle.read("blobs/sha256/" + hex)))
                        .hex()
                        .equals(hex);
                if (fits && specs.contains(hex)) {
                    good++;
                } else {
                    problem(Kind.ALTERED, "blobs/sha256/" + hex, "does not have this hash, or nothing names it");
                }
            } catch (FluxException bad) {
                problem(Kind.ALTERED, "blobs/sha256/" + hex, bad.what());
            }
        }
        return good;
    }

    private void verifyKeys() {
        for (String hex : bundle.under("keys/")) {
            try {
                if (!bundle.isKey(hex) || !keys.contains(hex)) {
                    problem(Kind.ALTERED, "keys/" + hex, "is not that key, or no leaf names it");
                }
            } catch (FluxException bad) {
                problem(Kind.ALTERED, "keys/" + hex, bad.what());
            }
        }
    }

    private void problem(Kind kind, String where, String what) {
        if (problems.size() < 1000) {
            problems.add(new Problem(kind, where, what));
        }
    }
}
