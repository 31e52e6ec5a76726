package io.fluxrig.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
    private static final String SPEC = "../../examples/payment-switch/specs/payments.yaml";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void printsOneJsonDocumentAtTheEnd() throws Exception {
        try (SchemeSim scheme =
                new SchemeSim("127.0.0.1", 0, "alpha", Dialect.open(Path.of(SPEC)), Optional.empty()).start()) {
            int exit = run(
                    "terminals",
                    "--connect",
                    "127.0.0.1:" + scheme.port(),
                    "--duration",
                    "1s",
                    "--rate",
                    "100",
                    "--wait",
                    "500ms",
                    "--spec",
                    SPEC,
                    "--json");
            assertThat(exit).isZero();
            JsonNode stats = new ObjectMapper().readTree(out.toString());
            assertThat(stats.get("sent").asLong()).isPositive();
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void showsAnExampleForEachCommand() {
        for (String command : new String[] {"terminals", "scheme"}) {
            assertThat(run(command, "--help")).isZero();
        }
        assertThat(out.toString()).contains("Example: fluxrig simulate terminals", "Example: fluxrig simulate scheme");
    }

    @Test
    void exitsWithTwoOnWrongUse() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("terminals", "--rate", "many")).isEqualTo(2);
        assertThat(run("nobody")).isEqualTo(2);
    }
}
