package io.fluxrig.cli;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Artifact files as commands read and send them. */
final class Artifacts {
    private Artifacts() {}

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }

    static Scenario claimed(byte[] artifact) {
        return Scenario.claimedBy(artifact)
                .orElseThrow(() -> new FluxException(CliError.INPUT, "this is not a signed scenario"));
    }

    static String identity(Path file) {
        return VerifiedScenario.claimedIdentity(read(file))
                .map(Bytes::hex)
                .orElseThrow(() -> new FluxException(CliError.INPUT, file + " is not a signed scenario"));
    }

    /** Every spec and base that the artifact names and the node does not have yet. */
    static void sendBlobs(byte[] artifact, DataOption data, Api api) {
        List<Bytes> missing = claimed(artifact).specs().values().stream()
                .map(Scenario.SpecPin::sha256)
                .distinct()
                .filter(hash -> !api.has("blobs/sha256/" + hash.hex()))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        DataDir directory = data.open();
        missing.forEach(
                hash -> api.put("blobs/sha256/" + hash.hex(), directory.blobs().get(hash)));
    }
}
