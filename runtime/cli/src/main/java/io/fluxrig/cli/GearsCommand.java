package io.fluxrig.cli;

import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioError;
import io.fluxrig.signal.FluxException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig gears ...}. */
@Command(
        name = "gears",
        description = "Tells which gear types there are and what they take.",
        footer = {"", "Example: fluxrig gears doc tcp-server"},
        mixinStandardHelpOptions = true)
final class GearsCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "list",
            description = "Lists gear types.",
            footer = {"", "Example: fluxrig gears list"},
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
                    Optional<Path> gears) {
        types(gears).all().forEach(t -> out().printf("%-14s %s%n", t.name(), t.summary()));
        out().flush();
        return 0;
    }

    @Command(
            name = "doc",
            description = "Tells what a gear type takes.",
            footer = {"", "Example: fluxrig gears doc router"},
            mixinStandardHelpOptions = true)
    int doc(
            @Parameters(paramLabel = "TYPE", description = "a gear type") String type,
            @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
                    Optional<Path> gears) {
        GearType<?> found = find(type, gears);
        out().printf("%s: %s%n%n", found.name(), found.summary());
        print(SettingsSchema.of(found.settings()).keys(), "  ");
        out().flush();
        return 0;
    }

    @Command(
            name = "schema",
            description = "Prints a gear type's settings as a JSON Schema, for editors and other programs.",
            footer = {"", "Example: fluxrig gears schema tcp-server"},
            mixinStandardHelpOptions = true)
    int schema(
            @Parameters(paramLabel = "TYPE", description = "a gear type") String type,
            @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
                    Optional<Path> gears) {
        out().println(GearSchema.of(find(type, gears)).toPrettyString());
        out().flush();
        return 0;
    }

    private static GearType<?> find(String type, Optional<Path> gears) {
        GearTypes types = types(gears);
        return types.find(type)
                .orElseThrow(() -> new FluxException(
                        ScenarioError.UNKNOWN_TYPE,
                        "'" + type + "' is not a gear type; known are "
                                + types.all().stream().map(GearType::name).collect(Collectors.joining(", "))));
    }

    private void print(List<SettingsSchema.Key> keys, String indent) {
        for (SettingsSchema.Key key : keys) {
            String presence =
                    key.required() ? "required" : key.byDefault().isEmpty() ? "optional" : "default " + key.byDefault();
            out().printf("%s%s (%s, %s)  %s%n", indent, key.name(), key.type(), presence, key.meaning());
            print(key.inside(), indent + "  ");
        }
    }

    private static GearTypes types(Optional<Path> gears) {
        GearJars jars =
                gears == null ? GearJars.none() : gears.map(GearJars::load).orElseGet(GearJars::none);
        return GearTypes.load(GearsCommand.class.getClassLoader()).and(jars.types());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
