package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.WalScan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code fluxrig support bundle}. Each entry is made of fields that are named here: no file of the data directory is copied into it, no log line, no key and nothing of a
 * signal.
 */
@Command(
        name = "bundle",
        description =
                "Packs figures, versions and states for somebody who helps; says what is in it. No payloads, no keys, no log lines.",
        footer = {"", "Example: fluxrig support bundle --data ./fluxrig-data --out support.zip"},
        mixinStandardHelpOptions = true)
final class SupportBundleCommand implements Callable<Integer> {
    private static final int MOST_FILES = 20_000;
    private static final Pattern METRIC = Pattern.compile("(# (HELP|TYPE) )?fluxrig_[a-z_]+.*");
    private static final List<String> PROPERTIES =
            List.of("java.version", "java.vendor", "java.vm.name", "os.name", "os.version", "os.arch");

    @Mixin
    private RackChoice choice;

    @Mixin
    private Api api;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "the bundle (default: ${DEFAULT-VALUE})",
            defaultValue = "support.zip")
    private Path out;

    @Option(names = "--json", description = "one document on standard output that says what it contains")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** An entry, and what it holds in words. */
    private record Entry(String meaning, String content) {}

    @Override
    public Integer call() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put(
                "versions.json",
                new Entry("versions of fluxrig, Java and the system", versions().toString()));
        entries.put("files.json", new Entry("names and sizes of the files in the data directory", files().toString()));
        entries.put("log.json", new Entry("what a check of the Rack's log finds", log().toString()));
        entries.put("status.json", new Entry("which scenario each Rack runs, by identity", told("status")));
        entries.put("scenarios.json", new Entry("releases, and what the Racks made of them", told("scenarios")));
        entries.put("metrics.txt", new Entry("figures of the running node", metrics()));
        ObjectNode manifest = manifest(entries);
        write(entries, manifest);
        PrintWriter told = spec.commandLine().getOut();
        if (json) {
            told.println(manifest.put("file", out.toString()));
        } else {
            told.println(out + " contains");
            entries.forEach((name, entry) -> told.printf("  %-15s %s%n", name, entry.meaning()));
        }
        told.flush();
        return 0;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode manifest(Map<String, Entry> entries) {
        ObjectNode manifest = object().put("format", "fluxrig-support/1");
        ArrayNode all = manifest.putArray("entries");
        entries.forEach((name, entry) -> all.addObject().put("name", name).put("what", entry.meaning()));
        return manifest;
    }

    private ObjectNode versions() {
        ObjectNode node = object().put("fluxrig", spec.root().version()[0]);
        PROPERTIES.forEach(key -> node.put(key, System.getProperty(key)));
        return node.put("processors", Runtime.getRuntime().availableProcessors())
                .put("maxMemory", Runtime.getRuntime().maxMemory());
    }

    private ArrayNode files() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Path root = choice.files().data();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .sorted()
                    .limit(MOST_FILES)
                    .forEach(file -> all.addObject()
                            .put("name", root.relativize(file).toString())
                            .put("bytes", size(file)));
        } catch (IOException | UncheckedIOException gone) {
            all.addObject().put("problem", gone.getClass().getSimpleName());
        }
        return all;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return -1;
        }
    }

    private ObjectNode log() {
        try {
            WalScan.Report report = WalScan.check(choice.files().wal());
            ObjectNode node = object().put("intact", report.intact())
                    .put("segments", report.segments())
                    .put("records", report.records())
                    .put("bytes", report.bytes())
                    .put("tornBytes", report.tornBytes());
            ArrayNode findings = node.putArray("findings");
            report.findings()
                    .forEach(f -> findings.addObject()
                            .put("kind", f.kind().name().toLowerCase(Locale.ROOT))
                            .put("file", f.file())
                            .put("offset", f.offset()));
            return node;
        } catch (FluxException refused) {
            return object().put("problem", refused.code().code());
        }
    }

    private String told(String path) {
        try {
            JsonNode answer = api.get(path);
            return answer.toString();
        } catch (FluxException | Api.ToldByNode absent) {
            return object().put("problem", "no node answers").toString();
        }
    }

    private String metrics() {
        try {
            return api.text("metrics")
                    .lines()
                    .filter(line -> METRIC.matcher(line).matches())
                    .collect(Collectors.joining("\n", "", "\n"));
        } catch (FluxException absent) {
            return "no node answers\n";
        }
    }

    private void write(Map<String, Entry> entries, ObjectNode manifest) {
        try (OutputStream file = Files.newOutputStream(out, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ZipOutputStream zip = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
            put(zip, "manifest.json", manifest.toString());
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                put(zip, entry.getKey(), entry.getValue().content());
            }
        } catch (FileAlreadyExistsException there) {
            throw new FluxException(CliError.BUNDLE_EXISTS, out + " exists");
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, out + " cannot be written", e);
        }
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
