package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private static final byte[] SPEC = text("spec: {}\n");
    private static final byte[] OTHER = text("spec: {id: other}\n");

    @TempDir
    Path data;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path fileOf(Bytes hash) {
        return data.resolve("blobs/sha256/" + hash.hex());
    }

    private static void refused(SpecError code, Callable<?> attempt) {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(attempt::call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private void refusedTag(SpecError code, String name, String version, Bytes hash) {
        refused(code, () -> {
            BlobStore.open(data).tag(name, version, hash);
            return null;
        });
    }

    @Test
    void aBlobIsNamedByItsHashAndHoldsTheExactBytes() throws IOException {
        Bytes hash = BlobStore.open(data).put(SPEC);
        assertThat(hash.toArray()).isEqualTo(Hashes.sha256(SPEC));
        assertThat(Files.readAllBytes(fileOf(hash))).isEqualTo(SPEC);
        assertThat(BlobStore.open(data).get(hash)).isEqualTo(SPEC);
    }

    @Test
    void filingTheSameBytesAgainLeavesOneFile() throws IOException {
        BlobStore store = BlobStore.open(data);
        assertThat(store.put(SPEC)).isEqualTo(store.put(SPEC));
        try (Stream<Path> files = Files.list(data.resolve("blobs/sha256"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void everyReadHashesAgainAndAnAlteredBlobGoesToQuarantine() throws IOException {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        assertThat(store.get(hash)).isEqualTo(SPEC);
        Files.write(fileOf(hash), OTHER);
        refused(SpecError.HASH, () -> store.get(hash));
        assertThat(fileOf(hash)).doesNotExist();
        assertThat(data.resolve("quarantine").resolve(hash.hex())).hasBinaryContent(OTHER);
        refused(SpecError.NO_BLOB, () -> store.get(hash));
        assertThat(store.put(SPEC)).isEqualTo(hash);
        assertThat(store.get(hash)).isEqualTo(SPEC);
    }

    @Test
    void aBlobCutShortOrEmptiedIsAltered() throws IOException {
        BlobStore store = BlobStore.open(data);
        for (int length = 0; length < SPEC.length; length++) {
            Bytes hash = store.put(SPEC);
            Files.write(fileOf(hash), Bytes.copyOf(SPEC, 0, length).toArray());
            refused(SpecError.HASH, () -> store.get(hash));
        }
    }

    @Test
    void anAlteredBlobBehindAHardLinkIsFoundToo() throws IOException {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        Path link = Files.createLink(data.resolve("link"), fileOf(hash));
        Files.write(link, OTHER, StandardOpenOption.TRUNCATE_EXISTING);
        refused(SpecError.HASH, () -> store.get(hash));
    }

    @Test
    void aBlobLargerThanTheBoundIsNotFiled() {
        refused(SpecError.STORE, () -> BlobStore.open(data).put(new byte[(64 << 20) + 1]));
    }

    @Test
    void aHashOfAnotherLengthNamesNothing() {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        refused(SpecError.NO_BLOB, () -> store.get(Bytes.copyOf(hash.toArray(), 0, 31)));
        refused(SpecError.NO_BLOB, () -> store.get(Bytes.EMPTY));
        assertThat(store.has(Bytes.EMPTY)).isFalse();
    }

    @Test
    void aTagNeverMoves() {
        BlobStore store = BlobStore.open(data);
        Bytes first = store.put(SPEC);
        Bytes second = store.put(OTHER);
        store.tag("payments", "1.0.0", first);
        store.tag("payments", "1.0.0", first);
        refusedTag(SpecError.TAG_MOVED, "payments", "1.0.0", second);
        assertThat(store.resolve("payments:1.0.0")).contains(first);
        assertThat(store.list()).containsExactly(new BlobStore.Entry("payments", "1.0.0", first));
    }

    @Test
    void latestIsTheHighestVersionByNumber() {
        BlobStore store = BlobStore.open(data);
        Bytes first = store.put(SPEC);
        Bytes second = store.put(OTHER);
        store.tag("payments", "1.10.0", second);
        store.tag("payments", "1.9.0", first);
        store.tag("payments-2", "7.0.0", first);
        assertThat(store.resolve("payments:latest")).contains(second);
        assertThat(store.resolve("payments:1.9.0")).contains(first);
        assertThat(store.resolve("payments:1.9.1")).isEmpty();
        assertThat(store.resolve("nobody:latest")).isEmpty();
        assertThat(store.list().stream().map(BlobStore.Entry::version)).containsExactly("1.9.0", "1.10.0", "7.0.0");
    }

    @Test
    void aHashResolvesOnlyInFullLengthAndLowerCase() {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        assertThat(store.resolve("sha256:" + hash.hex())).contains(hash);
        assertThat(store.resolve("sha256:" + "0".repeat(64))).isEmpty();
        refused(SpecError.REFERENCE, () -> store.resolve("sha256:" + hash.hex().substring(0, 12)));
        refused(SpecError.REFERENCE, () -> store.resolve("sha256:" + hash.hex() + "0"));
        refused(SpecError.REFERENCE, () -> store.resolve("SHA256:" + hash.hex()));
        refused(SpecError.REFERENCE, () -> store.resolve("sha256:" + hash.hex().replaceFirst("[0-9a-f]", "A")));
    }

    @Test
    void refusesReferencesOfAnotherForm() {
        BlobStore store = BlobStore.open(data);
        for (String reference : List.of(
                "",
                "payments",
                ":",
                ":1.0.0",
                "payments:",
                "payments:1",
                "payments:01.0.0",
                "payments:1.0.0-rc1",
                "Payments:1.0.0",
                "../payments:1.0.0",
                "pay ments:1.0.0",
                "payments:1.0.0 ",
                "payments:1.0.0\n")) {
            refused(SpecError.REFERENCE, () -> store.resolve(reference));
        }
        Bytes hash = store.put(SPEC);
        refusedTag(SpecError.REFERENCE, "pay ments", "1.0.0", hash);
        refusedTag(SpecError.REFERENCE, "../x", "1.0.0", hash);
        refusedTag(SpecError.REFERENCE, "payments", "1.0.0\nother 1.0.0 x", hash);
        refusedTag(SpecError.REFERENCE, "payments", "latest", hash);
    }

    @Test
    void aLineThatACrashCutOffNeitherNamesAnythingNorSpoilsTheNext() throws IOException {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        store.tag("a", "1.0.0", hash);
        byte[] whole = Files.readAllBytes(data.resolve("index"));
        store.tag("b", "1.0.0", hash);
        int length = Files.readAllBytes(data.resolve("index")).length;
        for (int cut = whole.length; cut < length - 1; cut++) {
            byte[] both = Files.readAllBytes(data.resolve("index"));
            Files.write(data.resolve("index"), Bytes.copyOf(both, 0, cut).toArray());
            assertThat(store.resolve("b:1.0.0")).as("cut at %s", cut).isEmpty();
            store.tag("b", "1.0.0", hash);
            assertThat(store.resolve("a:1.0.0")).contains(hash);
            assertThat(store.resolve("b:1.0.0")).as("cut at %s", cut).contains(hash);
            Files.write(data.resolve("index"), both);
        }
    }

    @Test
    void junkInTheIndexNamesNothing() throws IOException {
        BlobStore store = BlobStore.open(data);
        Bytes hash = store.put(SPEC);
        String junk =
                "payments 1.x.0 " + hash.hex() + "\npayments 1 " + hash.hex() + "\n../x 1.0.0 " + hash.hex() + "\n";
        Files.writeString(data.resolve("index"), junk);
        store.tag("payments", "1.0.0", hash);
        assertThat(store.list()).containsExactly(new BlobStore.Entry("payments", "1.0.0", hash));
        assertThat(store.resolve("payments:latest")).contains(hash);
    }

    @Test
    void severalWritersFileAndTagAtOnce() throws Exception {
        int writers = 8;
        int each = 12;
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                all.add(pool.submit(() -> {
                    BlobStore store = BlobStore.open(data);
                    start.await();
                    for (int i = 0; i < each; i++) {
                        // Half of the blobs are the same for everybody.
                        String content = i % 2 == 0 ? "shared " + i : "of " + writer + " " + i;
                        Bytes hash = store.put(text(content));
                        store.tag(i % 2 == 0 ? "shared" : "w" + writer, "1." + i + ".0", hash);
                        assertThat(store.get(hash)).isEqualTo(text(content));
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(BlobStore.open(data).list()).hasSize(each / 2 + writers * each / 2);
        try (Stream<Path> files = Files.list(data.resolve("blobs/sha256"))) {
            assertThat(files).hasSize(each / 2 + writers * each / 2);
        }
    }

    @Test
    void ofTwoWritersOfOneTagOneIsRefused() throws Exception {
        Bytes first = BlobStore.open(data).put(SPEC);
        Bytes second = BlobStore.open(data).put(OTHER);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                String version = "1.0." + i;
                List<Callable<Boolean>> both = List.of(() -> tagged(version, first), () -> tagged(version, second));
                List<Boolean> won = new ArrayList<>();
                for (Future<Boolean> one : pool.invokeAll(both)) {
                    won.add(one.get());
                }
                assertThat(won).containsExactlyInAnyOrder(true, false);
            }
        }
        assertThat(BlobStore.open(data).list()).hasSize(20);
    }

    private boolean tagged(String version, Bytes hash) {
        try {
            BlobStore.open(data).tag("payments", version, hash);
            return true;
        } catch (FluxException moved) {
            assertThat(moved.code()).isEqualTo(SpecError.TAG_MOVED);
            return false;
        }
    }
}
