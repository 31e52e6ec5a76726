package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.certs.CertError;
import io.fluxrig.config.ConfigError;
import io.fluxrig.gear.GearError;
import io.fluxrig.node.NodeError;
import io.fluxrig.scenario.ScenarioError;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.SignalError;
import io.fluxrig.simulate.SimulateError;
import io.fluxrig.spec.SpecError;
import io.fluxrig.vault.VaultError;
import io.fluxrig.wal.WalError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} is made of the codes; {@code -Derrors.write=true} writes it anew. */
class ErrorsPageTest {
    private static final Path PAGE = Program.HOME.resolve("docs/errors.md");

    private static List<ErrorCode> all() {
        List<ErrorCode> all = new ArrayList<>();
        all.addAll(List.of(SignalError.values()));
        all.addAll(List.of(SpecError.values()));
        all.addAll(List.of(GearError.values()));
        all.addAll(List.of(ScenarioError.values()));
        all.addAll(List.of(WalError.values()));
        all.addAll(List.of(VaultError.values()));
        all.addAll(List.of(NodeError.values()));
        all.addAll(List.of(ConfigError.values()));
        all.addAll(List.of(CertError.values()));
        all.addAll(List.of(CliError.values()));
        all.addAll(List.of(SimulateError.values()));
        all.sort(Comparator.comparingInt(ErrorCode::number));
        return all;
    }

    @Test
    void eachNumberStandsForOneThing() {
        assertThat(all().stream().map(ErrorCode::number)).doesNotHaveDuplicates();
    }

    @Test
    void thePageTellsEveryCode() throws IOException {
        StringBuilder page =
                new StringBuilder("# Errors\n\nGenerated from the code; the exit code follows from the category.\n\n");
        page.append("| code | exit | what it means | what to do |\n|---|---|---|---|\n");
        for (ErrorCode code : all()) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %s |%n",
                    code.code(),
                    code.category().exitCode(),
                    code.summary(),
                    code.advice()));
        }
        if (Boolean.getBoolean("errors.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
    }
}
