package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario ...}. */
@Command(
        name = "scenario",
        description = "Checks, signs and shows scenarios, and changes what runs.",
        subcommands = {
            ScenarioTestCommand.class,
            ScenarioVizCommand.class,
            ScenarioDiffCommand.class,
            ScenarioFmtCommand.class,
            ScenarioPlanCommand.class,
            ScenarioPushCommand.class,
            ScenarioActivateCommand.class,
            ScenarioStatusCommand.class,
            ScenarioHistoryCommand.class,
            ScenarioRollbackCommand.class
        },
        footer = {"", "Example: fluxrig scenario lint examples/payment-switch/scenario.yaml"},
        mixinStandardHelpOptions = true)
final class ScenarioCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "lint",
            description = "Finds everything that is wrong with a scenario.yaml and its specs; needs no data directory.",
            footer = {"", "Example: fluxrig scenario lint scenario.yaml --json"},
            mixinStandardHelpOptions = true)
    int lint(
            @Parameters(paramLabel = "FILE", description = "a scenario in YAML") Path file,
            @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears") Optional<Path> gears,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return Findings.report(
                ScenarioFile.lint(file, types(jars(gears))).findings(),
                json,
                out(),
                spec.commandLine().getErr());
    }

    @Command(
            name = "sign",
            description = "Files the specs that the scenario names, pins every hash, and signs.",
            footer = {
                "",
                "Example: fluxrig scenario sign scenario.yaml --key release.pem --out switch.scenario",
                "         fluxrig scenario sign --add switch.scenario --key second.pem",
                "         fluxrig scenario sign --return old.scenario --key release.pem --out back.scenario"
            },
            mixinStandardHelpOptions = true)
    int sign(
            @Parameters(paramLabel = "FILE", description = "a scenario in YAML, or an artifact") Path file,
            @Option(
                            names = "--add",
                            description = "add one more signature to an artifact, in place unless --out says else")
                    boolean add,
            @Option(names = "--return", description = "sign the content of an artifact again, under the next serial")
                    boolean back,
            @Option(names = "--key", required = true, paramLabel = "KEY.pem", description = "the signing key") Path key,
            @Option(names = "--out", paramLabel = "F.scenario", description = "where to write the artifact") Path out,
            @Mixin DataOption data,
            @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears") Optional<Path> gears,
            @Option(
                            names = "--serial",
                            paramLabel = "N",
                            description = "its serial (default: the highest of that name in --data, plus 1)")
                    Long serial,
            @Option(names = "--issued", paramLabel = "T", description = "unix seconds or RFC 3339 (default: now)")
                    String issued,
            @Option(names = "--expires", paramLabel = "T", description = "unix seconds or RFC 3339 (default: never)")
                    String expires,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        ScenarioSigner.Terms terms = new ScenarioSigner.Terms(
                serial == null ? OptionalLong.empty() : OptionalLong.of(serial),
                issued == null ? Instant.now().getEpochSecond() : time("--issued", issued),
                Optional.ofNullable(expires).map(e -> time("--expires", e)));
        if (add && back || !add && out == null) {
            throw new ParameterException(
                    spec.commandLine(), add && back ? "--add or --return, not both" : "--out F.scenario is missing");
        }
        SigningKey signer = SigningKey.readPem(key);
        if (add) {
            byte[] more = SignedArtifact.addSignature(Artifacts.read(file), Scenario.CONTENT_TYPE, signer);
            return written(more, out == null ? file : out, json);
        }
        if (back) {
            return written(ScenarioSigner.signReturn(Artifacts.read(file), data.open(), signer, terms), out, json);
        }
        GearJars jars = jars(gears);
        ScenarioFile.Linted linted = ScenarioFile.lint(file, types(jars));
        if (linted.blueprint().isEmpty()) {
            return Findings.report(
                    linted.findings(), json, out(), spec.commandLine().getErr());
        }
        return written(ScenarioSigner.sign(linted.blueprint().get(), jars, data.open(), signer, terms), out, json);
    }

    private int written(byte[] artifact, Path out, boolean json) {
        try {
            Files.write(out, artifact);
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, out + " cannot be written", e);
        }
        describe(payload(artifact), SignedArtifact.parse(artifact, Scenario.CONTENT_TYPE), json, false);
        return 0;
    }

    private long time(String option, String text) {
        try {
            return text.matches("\\d{1,12}")
                    ? Long.parseLong(text)
                    : Instant.parse(text).getEpochSecond();
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(), option + " is neither unix seconds nor RFC 3339, such as 2027-01-01T00:00:00Z");
        }
    }

    @Command(
            name = "verify",
            description = "Verifies an artifact against pinned keys.",
            footer = {"", "Example: fluxrig scenario verify payment-switch.scenario --trust ./trust"},
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "F.scenario", description = "a signed scenario") Path file,
            @Option(
                            names = "--trust",
                            required = true,
                            paramLabel = "DIR",
                            description = "pinned keys: DIR/scenario/*.pem")
                    Path trust,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        byte[] artifact = Artifacts.read(file);
        Scenario claimed = payload(artifact);
        VerifiedScenario verified = VerifiedScenario.verify(artifact, Trust.load(trust), claimed.site(), Instant.now());
        describe(verified.scenario(), SignedArtifact.parse(artifact, Scenario.CONTENT_TYPE), json, true);
        return 0;
    }

    @Command(
            name = "show",
            description = "Shows what an artifact says; verifies nothing.",
            footer = {"", "Example: fluxrig scenario show payment-switch.scenario"},
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "F.scenario", description = "a signed scenario") Path file,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        byte[] artifact = Artifacts.read(file);
        describe(payload(artifact), SignedArtifact.parse(artifact, Scenario.CONTENT_TYPE), json, false);
        return 0;
    }

    private void describe(Scenario scenario, SignedArtifact.Parsed parsed, boolean json, boolean verified) {
        if (json) {
            out().println(toJson(scenario, parsed, verified));
        } else {
            out().printf(
                            "%s %s, serial %d, site %s%n",
                            scenario.name(), scenario.version(), scenario.serial(), scenario.site());
            out().printf("  identity %s%s%n", parsed.identity().hex(), verified ? " (verified)" : "");
            out().printf(
                            "  issued %s%s%n",
                            Instant.ofEpochSecond(scenario.issued()),
                            scenario.expires()
                                    .map(e -> ", expires " + Instant.ofEpochSecond(e))
                                    .orElse(""));
            parsed.signatures()
                    .forEach(s -> out().printf("  signed by %s%n", s.kid().hex()));
            scenario.gears().forEach(g -> out().printf("  gear %-16s %s%n", g.name(), g.type()));
            scenario.wires()
                    .forEach(w -> out().printf(
                                    "  wire %s -> %s (%s)%n",
                                    w.from().text(),
                                    w.to().text(),
                                    w.lane().name().toLowerCase(Locale.ROOT)));
            scenario.specs()
                    .forEach((reference, pin) -> out().printf(
                                    "  spec %s = sha256:%s%n",
                                    reference, pin.sha256().hex()));
        }
        out().flush();
    }

    private static ObjectNode toJson(Scenario scenario, SignedArtifact.Parsed parsed, boolean verified) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", scenario.name())
                .put("version", scenario.version())
                .put("serial", scenario.serial())
                .put("site", scenario.site());
        node.put("identity", parsed.identity().hex()).put("verified", verified);
        node.put("issued", Instant.ofEpochSecond(scenario.issued()).toString());
        scenario.expires()
                .ifPresent(e -> node.put("expires", Instant.ofEpochSecond(e).toString()));
        ArrayNode signers = node.putArray("signers");
        parsed.signatures().forEach(s -> signers.add(s.kid().hex()));
        ArrayNode gears = node.putArray("gears");
        scenario.gears().forEach(g -> gears.addObject().put("name", g.name()).put("type", g.type()));
        ArrayNode wires = node.putArray("wires");
        scenario.wires()
                .forEach(w -> wires.addObject()
                        .put("from", w.from().text())
                        .put("to", w.to().text())
                        .put("lane", w.lane().name().toLowerCase(Locale.ROOT)));
        ObjectNode specs = node.putObject("specs");
        scenario.specs()
                .forEach((reference, pin) -> specs.putObject(reference)
                        .put("sha256", pin.sha256().hex())
                        .put("size", pin.size()));
        return node;
    }

    private static Scenario payload(byte[] artifact) {
        Bytes payload = SignedArtifact.parse(artifact, Scenario.CONTENT_TYPE).payload();
        return Scenario.fromPayload(FluxCbor.decode(payload.toArray(), 0, payload.length(), FluxCbor.MAX_LEAF));
    }

    private static GearJars jars(Optional<Path> gears) {
        return gears == null ? GearJars.none() : gears.map(GearJars::load).orElseGet(GearJars::none);
    }

    private static GearTypes types(GearJars jars) {
        return GearTypes.load(ScenarioCommand.class.getClassLoader()).and(jars.types());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
