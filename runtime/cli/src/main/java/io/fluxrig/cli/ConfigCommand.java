package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.config.ConfigError;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.LeafJson;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Suggest;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig config ...}. */
@Command(
        name = "config",
        description = "Tells which settings there are, which values hold, and where they come from.",
        footer = {"", "Example: fluxrig config explain FLUXRIG_SEED_NODES"},
        mixinStandardHelpOptions = true)
final class ConfigCommand {
    @Spec
    private CommandSpec spec;

    private final Environment environment = Environment.ofProcess();

    @Command(
            name = "list",
            description = "Every setting with the value that holds.",
            footer = {"", "Example: fluxrig config list --json"},
            mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "one document on standard output") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Setting setting : Setting.values()) {
            Environment.Told told = environment.tell(setting);
            all.add(node(told));
            if (!json) {
                out.printf("%-26s %-28s %s%n", setting.key(), shown(told), word(told));
            }
        }
        if (json) {
            out.println(JsonNodeFactory.instance.objectNode().set("settings", all));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "explain",
            description = "What one setting means, which value holds, and where it comes from.",
            footer = {"", "Example: fluxrig config explain FLUXRIG_DOWN_AFTER"},
            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(paramLabel = "KEY", description = "its name, with or without FLUXRIG_") String key,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        Setting setting = Setting.of(key)
                .orElseThrow(() -> new FluxException(
                        ConfigError.UNKNOWN,
                        "'" + LeafJson.printable(key) + "'"
                                + Suggest.closest(key.toUpperCase(Locale.ROOT), Setting.keys())
                                        .map(meant -> ": did you mean " + meant + "?")
                                        .orElse("")));
        Environment.Told told = environment.tell(setting);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(node(told));
        } else {
            out.printf(
                    "%s%n  %s%n  value    %s%n  source   %s%n  default  %s%n  example  %s%n",
                    setting.key(),
                    setting.meaning(),
                    shown(told),
                    word(told),
                    setting.fallback().isEmpty() ? "none" : setting.fallback(),
                    setting.form().example());
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "check",
            description =
                    "Finds unknown names, malformed values, and what the profile needs; exit code 5 where there are any.",
            footer = {"", "Example: FLUXRIG_PROFILE=cluster fluxrig config check"},
            mixinStandardHelpOptions = true)
    int check(@Option(names = "--json", description = "one document on standard output") boolean json) {
        List<FluxException> findings = environment.findings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.put("profile", environment.profile().name().toLowerCase(Locale.ROOT));
            ArrayNode all = document.putArray("findings");
            findings.forEach(f -> all.addObject()
                    .put("code", f.code().code())
                    .put("what", f.what())
                    .put("advice", f.code().advice()));
            out.println(document);
        } else if (findings.isEmpty()) {
            out.println("the settings fit");
        }
        out.flush();
        if (!json) {
            findings.forEach(f -> spec.commandLine().getErr().println(f.line()));
            spec.commandLine().getErr().flush();
        }
        return findings.isEmpty() ? 0 : CliError.FINDINGS.category().exitCode();
    }

    private static ObjectNode node(Environment.Told told) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("key", told.setting().key())
                .put("value", told.shown())
                .put("source", word(told))
                .put("default", told.setting().fallback())
                .put("meaning", told.setting().meaning());
    }

    private static String shown(Environment.Told told) {
        return told.value().isEmpty() ? "-" : LeafJson.printable(told.shown());
    }

    private static String word(Environment.Told told) {
        return told.source().name().toLowerCase(Locale.ROOT);
    }
}
