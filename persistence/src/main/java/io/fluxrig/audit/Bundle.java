package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.RangeProof;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** An evidence bundle, open for reading: its container is sound, nothing in it is believed yet. */
public final class Bundle implements Closeable {
    /** What {@code bundle.json} says. */
    public record Head(String site, String rack, String rackId, long generation, long from, long to, long treeSize) {}

    private static final Pattern HEAD =
            Pattern.compile("\\{\"format\":\"fluxrig-evidence/1\",\"site\":\"([!-~&&[^\"\\\\]]{1,253})\","
                    + "\"rack\":\"([!-~&&[^\"\\\\]]{1,253})\",\"rackId\":\"([0-9a-z-]{1,64})\",\"generation\":(\\d{1,18}),"
                    + "\"from\":(\\d{1,18}),\"to\":(\\d{1,18}),\"treeSize\":(\\d{1,18})}\n");
    private static final Pattern PROOF =
            Pattern.compile("\\{\"left\":\\[((?:\"[0-9a-f]{64}\",?)*)],\"right\":\\[((?:\"[0-9a-f]{64}\",?)*)]}\n");
    private static final int WINDOW = 4 << 20;

    private final BundleFile file;
    private final Head head;

    private Bundle(BundleFile file, Head head) {
        this.file = file;
        this.head = head;
    }

    /** @throws FluxException BUNDLE where it does not have the form of one */
    public static Bundle open(Path path) {
        try {
            BundleFile file = BundleFile.open(path);
            try {
                return new Bundle(file, head(file));
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FluxException(VaultError.BUNDLE, path.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Head head(BundleFile file) throws IOException {
        Matcher m = HEAD.matcher(new String(file.read("bundle.json"), StandardCharsets.UTF_8));
        if (!m.matches()) {
            throw BundleFile.bad("bundle.json does not have its form");
        }
        Head head = new Head(
                m.group(1),
                m.group(2),
                m.group(3),
                Long.parseLong(m.group(4)),
                Long.parseLong(m.group(5)),
                Long.parseLong(m.group(6)),
                Long.parseLong(m.group(7)));
        if (head.from() > head.to() || head.to() > head.treeSize()) {
            throw BundleFile.bad("bundle.json names no range of the tree");
        }
        return head;
    }

    public Head head() {
        return head;
    }

    RangeProof proof() {
        Matcher m = PROOF.matcher(new String(read("range-proof.json"), StandardCharsets.UTF_8));
        if (!m.matches() || m.group(1).endsWith(",") || m.group(2).endsWith(",")) {
            throw BundleFile.bad("range-proof.json does not have its form");
        }
        return new RangeProof(hashes(m.group(1)), hashes(m.group(2)));
    }

    private static List<Bytes> hashes(String list) {
        List<Bytes> hashes = new ArrayList<>();
        for (String quoted : list.isEmpty() ? new String[0] : list.split(",")) {
            hashes.add(Bytes.ofHex(quoted.substring(1, quoted.length() - 1)));
        }
        return hashes;
    }

    byte[] read(String name) {
        try {
            return file.read(name);
        } catch (IOException e) {
            throw new FluxException(VaultError.BUNDLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The hex names below a folder such as {@code keys/}. */
    public List<String> under(String folder) {
        return file.names().stream()
                .filter(name -> name.startsWith(folder))
                .map(name -> name.substring(folder.length()))
                .toList();
    }

    /** A spec's bytes, by the hex name under {@code blobs/sha256/}; nothing is checked. */
    public byte[] blob(String hex) {
        return read("blobs/sha256/" + hex);
    }

    /** A scenario artifact's bytes, by its identity in hex; nothing is checked. */
    public byte[] artifact(String hex) {
        return read("artifacts/" + hex);
    }

    /** The data keys that lie in the bundle; none where it was made without. */
    public DataKeys keys() {
        return DataKeys.unwrapped(
                under("keys/").stream().map(hex -> read("keys/" + hex)).toList());
    }

    /** The leaves as anything else reads them. */
    public VaultReader reader() {
        return VaultReader.over(this::scan);
    }

    /** Hands over each leaf, and tells what does not fit; flat in memory. */
    VaultReader.Scan scan(VaultReader.LeafVisitor leaves) {
        List<VaultReader.Problem> problems = new ArrayList<>();
        BundleFile.Entry entry = file.entry("records.cborseq");
        CRC32 crc = new CRC32();
        byte[] window = new byte[0];
        int at = 0;
        long read = 0;
        try {
            while (true) {
                if (window.length - at < FluxCbor.MAX_LEAF + 16 && read < entry.size()) {
                    int more = (int) Math.min(WINDOW, entry.size() - read);
                    byte[] next = new byte[more];
                    file.bytes(entry.offset() + read, more).get(next);
                    crc.update(next);
                    read += more;
                    byte[] joined = Arrays.copyOfRange(window, at, window.length - at + at + more);
                    System.arraycopy(next, 0, joined, window.length - at, more);
                    window = joined;
                    at = 0;
                }
                if (at == window.length) {
                    break;
                }
                int end = FluxCbor.next(window, at, FluxCbor.MAX_LEAF).end();
                leaves.leaf(Arrays.copyOfRange(window, at, end), "records.cborseq");
                at = end;
            }
            if ((int) crc.getValue() != entry.crc()) {
                problems.add(new VaultReader.Problem(false, "records.cborseq", "the CRC does not fit"));
            }
        } catch (IOException | FluxException bad) {
            problems.add(new VaultReader.Problem(false, "records.cborseq", String.valueOf(bad.getMessage())));
        }
        return new VaultReader.Scan(0, problems);
    }

    boolean isKey(String hex) {
        byte[] dek = read("keys/" + hex);
        byte[] label = "fluxrig/dek/1".getBytes(StandardCharsets.US_ASCII);
        byte[] both = Arrays.copyOf(label, label.length + dek.length);
        System.arraycopy(dek, 0, both, label.length, dek.length);
        return dek.length == 32 && Bytes.wrap(Hashes.sha256(both)).hex().equals(hex);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new FluxException(VaultError.BUNDLE, String.valueOf(e.getMessage()), e);
        }
    }
}
