package io.fluxrig.cli;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.spec.Finding;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Signs with a key that nobody keeps, for a developer's own machine. */
final class DevSigner {
    private final SigningKey key = SigningKey.generate(new SecureRandom());

    private DevSigner() {}

    static DevSigner throwAway() {
        return new DevSigner();
    }

    /** Trusts this key and no other. */
    Trust trust() {
        return new Trust(List.of(), List.of(key.publicKey()));
    }

    SigningKey key() {
        return key;
    }

    /** @throws FluxException FINDINGS with every finding where the file has any */
    Bytes sign(Path yaml, GearTypes builtIn, GearJars jars, DataDir data) {
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, builtIn.and(jars.types()));
        if (linted.blueprint().isEmpty()) {
            throw new FluxException(
                    CliError.FINDINGS,
                    linted.findings().stream()
                            .filter(f -> !f.warning())
                            .map(Finding::text)
                            .collect(Collectors.joining("\n")));
        }
        ScenarioSigner.Terms terms =
                new ScenarioSigner.Terms(OptionalLong.empty(), Instant.now().getEpochSecond(), Optional.empty());
        return Bytes.wrap(ScenarioSigner.sign(linted.blueprint().get(), jars, data, key, terms));
    }
}
