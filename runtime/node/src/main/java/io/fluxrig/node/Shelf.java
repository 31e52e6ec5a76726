package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.SpecError;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Where a Mixer or a Rack finds the artifacts that its events name: in the node's own store, and, where a successor on another node could follow, in the site's
 * database. Blocks, for some seconds at most.
 */
record Shelf(BlobStore near, Optional<SiteDatabase> site) {

    /** Returns when it is everywhere where a successor looks, so that an event may name it. */
    Bytes put(byte[] content) {
        Bytes name = near.put(content);
        site.ifPresent(database -> await(database.put(name, content)));
        return name;
    }

    /** What is in the node's own store is everywhere where a successor looks, too. */
    void share(Bytes name) {
        site.ifPresent(database -> await(database.put(name, near.get(name))));
    }

    /** The bytes of this hash, hashed again. */
    byte[] get(Bytes name) {
        if (site.isEmpty() || near.has(name)) {
            return near.get(name);
        }
        byte[] content = await(site.get().get(name))
                .orElseThrow(() -> new FluxException(
                        SpecError.NO_BLOB, "blob " + name.hex() + " is neither here nor in the site's database"));
        if (!Bytes.wrap(Hashes.sha256(content)).equals(name)) {
            throw new FluxException(SpecError.HASH, "blob " + name.hex() + " was altered in the site's database");
        }
        near.put(content);
        return content;
    }

    private static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw NodeError.MIXER_JOURNAL.from(failed);
        }
    }
}
