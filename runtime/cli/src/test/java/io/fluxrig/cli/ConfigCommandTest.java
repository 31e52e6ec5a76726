package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.config.Setting;
import java.io.IOException;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ConfigCommandTest {
    private static final Pattern VARIABLE = Pattern.compile("FLUXRIG_[A-Z_]+");

    private static Stream<CommandLine> all(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(ConfigCommandTest::all));
    }

    @Test
    void explainsValueSourceDefaultAndMeaning() throws IOException {
        DemoTest.Ran ran = DemoTest.fluxrig("config", "explain", "down-after", "--json");
        assertThat(ran.exit()).isZero();
        assertThat(ran.json().path("key").asText()).isEqualTo("FLUXRIG_DOWN_AFTER");
        assertThat(ran.json().path("value").asText()).isEqualTo("7s");
        assertThat(ran.json().path("source").asText()).isEqualTo("default");
        assertThat(ran.json().path("meaning").asText()).isNotEmpty();
    }

    @Test
    void saysWhichSettingWasMeant() {
        DemoTest.Ran ran = DemoTest.fluxrig("config", "explain", "FLUXRIG_SEEDNODES");
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("FLX-7001").contains("FLUXRIG_SEED_NODES");
    }

    @Test
    void listsEverySetting() throws IOException {
        assertThat(DemoTest.fluxrig("config", "list", "--json").json().path("settings"))
                .hasSize(Setting.values().length);
        assertThat(DemoTest.fluxrig("config", "check").exit()).isZero();
    }

    /** A variable that a command reads and nobody explains would be refused at the next start as unknown. */
    @Test
    void everyVariableThatACommandReadsIsInTheTable() {
        TreeSet<String> read = new TreeSet<>();
        all(Main.commandLine())
                .flatMap(line -> line.getCommandSpec().options().stream())
                .flatMap(option ->
                        Stream.concat(Stream.of(option.defaultValueString()), Stream.of(option.description())))
                .flatMap(text -> VARIABLE.matcher(text).results())
                .forEach(found -> read.add(found.group()));
        assertThat(read).contains("FLUXRIG_DATA", "FLUXRIG_PROFILE").isSubsetOf(Setting.keys());
    }
}
