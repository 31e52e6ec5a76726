package io.fluxrig.cli;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

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

    /** A signed scenario, or a YAML file as it would be signed. */
    static Scenario either(Path file, GearTypes types) {
        String name = file.toString();
        if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
            return claimed(read(file));
        }
        ScenarioFile.Linted linted = ScenarioFile.lint(file, types);
        return linted.blueprint()
                .map(ScenarioSigner::draft)
                .orElseThrow(() -> new FluxException(
                        CliError.FINDINGS,
                        linted.findings().stream()
                                .filter(f -> !f.warning())
                                .map(Finding::text)
                                .collect(Collectors.joining("\n"))));
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
