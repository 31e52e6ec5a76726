package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.spec.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port that brings payments in must read them, so that card data is known before anything is stored. */
class PaymentPortTest {
    private static final Path EXAMPLE = Path.of("../../examples/payment-switch");

    @TempDir
    Path folder;

    private List<Finding> lint(String scenario) throws IOException {
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        Path file = Files.writeString(folder.resolve("scenario.yaml"), scenario);
        return ScenarioFile.lint(file, GearTypes.load(getClass().getClassLoader())).findings().stream()
                .filter(f -> !f.warning())
                .toList();
    }

    @Test
    void theExampleHasSpecsAtItsDoors() throws IOException {
        assertThat(lint(Files.readString(EXAMPLE.resolve("scenario.yaml")))).isEmpty();
    }

    @Test
    void aDoorWithoutASpecIsRefused() throws IOException {
        String scenario = Files.readString(EXAMPLE.resolve("scenario.yaml"));
        String blind = scenario.replaceFirst("      spec: specs/payments.yaml\n", "")
                .replace(
                        "      connect: 127.0.0.1:9002\n      spec: specs/payments.yaml\n",
                        "      connect: 127.0.0.1:9002\n");
        assertThat(lint(blind))
                .extracting(f -> f.line() + " " + f.code().code() + " " + f.what())
                .containsExactly(
                        "18 FLX-4040 'terminals' has no spec, and what it brings in is read by 'switch': card data would be stored in clear",
                        "48 FLX-4040 'beta' has no spec, and what it brings in is read by 'switch': card data would be stored in clear");
    }

    @Test
    void whatNobodyReadsNeedsNoSpec() throws IOException {
        assertThat(lint("""
                        meta: { name: plain, version: 1.0.0 }
                        gears:
                          - { name: in, type: tcp-server, config: { listen: "127.0.0.1:7000" } }
                          - { name: out, type: tcp-client, config: { connect: "127.0.0.1:7001" } }
                        wires:
                          - { from: in.out, to: out.in, lane: hot }
                          - { from: out.out, to: in.in, lane: hot }
                        """)).isEmpty();
    }
}
