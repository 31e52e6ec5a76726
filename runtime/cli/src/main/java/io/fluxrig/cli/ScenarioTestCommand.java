package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.DataKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario test}. */
@Command(
        name = "test",
        description = "Plays the cases beside a scenario (*.test.yaml) through its gears in virtual time.",
        footer = {"", "Example: fluxrig scenario test examples/payment-switch/scenario.yaml --junit report.xml"},
        mixinStandardHelpOptions = true)
final class ScenarioTestCommand implements Callable<Integer> {
    private static final int DIFFERENT = 6;

    /** A case and how it ended. */
    record Told(Path file, TestCases.Case story, Optional<CaseRun.Failure> failure, long nanos) {
        String line() {
            return failure.map(f -> file + ":" + f.line() + ": " + story.name() + ": " + f.what())
                    .orElse("ok   " + story.name());
        }
    }

    @Parameters(paramLabel = "FILE", description = "a scenario in YAML, or one *.test.yaml beside it")
    private Path file;

    @Option(names = "--junit", paramLabel = "F.xml", description = "also writes a JUnit report")
    private Optional<Path> junit = Optional.empty();

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of("."));
        boolean one = file.toString().endsWith(".test.yaml");
        Path scenario = one ? folder.resolve("scenario.yaml") : file;
        List<Path> files = one ? List.of(file) : beside(folder);
        if (files.isEmpty()) {
            throw new FluxException(CliError.INPUT, "there is no *.test.yaml beside " + scenario);
        }
        List<TestCases.Read> reads = files.stream().map(TestCases::read).toList();
        var findings = reads.stream().flatMap(r -> r.findings().stream()).toList();
        if (!findings.isEmpty()) {
            return Findings.report(findings, json, out(), spec.commandLine().getErr());
        }
        Path temporary = Files.createTempDirectory("fluxrig-test");
        try {
            return report(run(scenario, files, reads, temporary));
        } finally {
            remove(temporary);
        }
    }

    private static List<Path> beside(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".test.yaml")).sorted().toList();
        }
    }

    /** Signed, verified and prepared as on a Rack. */
    private List<Told> run(Path scenario, List<Path> files, List<TestCases.Read> reads, Path temporary) {
        GearJars jars = gears.map(GearJars::load).orElseGet(GearJars::none);
        GearTypes builtIn = GearTypes.load(Main.class.getClassLoader());
        DataDir data = DataDir.openOrCreate(temporary, Optional.empty());
        DevSigner signer = DevSigner.throwAway();
        byte[] artifact = signer.sign(scenario, builtIn, jars, data).toArray();
        VerifiedScenario verified = VerifiedScenario.verify(artifact, signer.trust(), data.site(), Instant.now());
        VerifiedScenario.Prepared prepared = verified.prepare(data.blobs(), builtIn, jars);
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            for (TestCases.Case story : reads.get(i).cases()) {
                DataKeys keys = DataKeys.open(temporary.resolve("deks"), temporary.resolve("kek"), new SecureRandom());
                long began = System.nanoTime();
                Optional<CaseRun.Failure> failure = CaseRun.run(story, verified, prepared, keys);
                told.add(new Told(files.get(i), story, failure, System.nanoTime() - began));
            }
        }
        return told;
    }

    private int report(List<Told> told) {
        long failed = told.stream().filter(t -> t.failure().isPresent()).count();
        junit.ifPresent(xml -> JunitXml.write(xml, told));
        if (json) {
            ObjectNode document = JsonNodeFactory.instance
                    .objectNode()
                    .put("cases", told.size())
                    .put("failed", failed);
            ArrayNode failures = document.putArray("failures");
            told.forEach(t -> t.failure()
                    .ifPresent(f -> failures.addObject()
                            .put("file", t.file().toString())
                            .put("line", f.line())
                            .put("case", t.story().name())
                            .put("what", f.what())));
            out().println(document);
        } else {
            told.forEach(t -> out().println(t.line()));
            out().printf("%d cases, %d failed%n", told.size(), failed);
        }
        out().flush();
        return failed == 0 ? 0 : DIFFERENT;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
