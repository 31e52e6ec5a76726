package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.DataKeyUse;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.ShreddedMessages;
import io.fluxrig.node.MovableRacks;
import io.fluxrig.node.VaultAlone;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit shred}. */
@Command(
        name = "shred",
        description = {
            "Destroys data keys: what they sealed can never be read again, and every proof still stands.",
            "The act itself is recorded as a control leaf before the key goes. The Rack must not be running."
        },
        footer = {
            "",
            "Example: fluxrig audit shred --day 2026-11-23 --reason 'retention of 30 days' --data ./fluxrig-data"
        },
        mixinStandardHelpOptions = true)
final class AuditShredCommand implements Callable<Integer> {
    /** Which keys go. */
    static final class Which {
        @Option(names = "--day", paramLabel = "D", description = "every key that sealed a message on this day (UTC)")
        private Optional<String> day = Optional.empty();

        @Option(names = "--key", paramLabel = "K", description = "the key of this name, 64 hex digits")
        private Optional<String> key = Optional.empty();
    }

    @Mixin
    private RackChoice choice;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "why; recorded with the act",
            defaultValue = "asked for")
    private String reason;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RackFiles files = choice.files();
        if (choice.isRemote() || MovableRacks.isWorkingCopy(files.directory())) {
            throw new FluxException(CliError.MOVABLE, "'" + files.rack() + "' is movable: no key is destroyed here");
        }
        DataKeyUse use = new DataKeyUse();
        choice.reader().forEach(use::see);
        List<String> keys = which.key.map(List::of).orElseGet(() -> ofDay(use.all()));
        for (String key : keys) {
            if (!key.matches("[0-9a-f]{64}")
                    || !Files.isRegularFile(files.dataKeys().resolve(key))) {
                throw new FluxException(
                        CliError.INPUT,
                        "there is no data key '" + key + "' under " + files.dataKeys() + ": was it destroyed before?");
            }
        }
        for (String key : keys) {
            shred(files, key);
        }
        print(keys, use.all());
        return 0;
    }

    private List<String> ofDay(Map<String, DataKeyUse.Use> all) {
        LocalDate wanted;
        try {
            wanted = LocalDate.parse(which.day.orElseThrow());
        } catch (DateTimeParseException notADay) {
            throw new ParameterException(spec.commandLine(), "--day takes a day like 2026-11-23");
        }
        Path directory = choice.files().dataKeys();
        return all.entrySet().stream()
                .filter(e -> !wanted.isBefore(e.getValue().first())
                        && !wanted.isAfter(e.getValue().last()))
                .map(Map.Entry::getKey)
                .filter(key -> Files.isRegularFile(directory.resolve(key)))
                .sorted()
                .toList();
    }

    /** The leaf first: a crash in between leaves a key that is said to be gone, and asking again destroys it. */
    private void shred(RackFiles files, String key) throws IOException {
        DataDir data = DataDir.openOrCreate(choice.data(), Optional.empty());
        FluxMap note = FluxMap.builder()
                .put("event", ShreddedMessages.EVENT)
                .put("artifact", Bytes.ofHex(key))
                .put("why", reason.length() > 400 ? reason.substring(0, 400) : reason)
                .build();
        VaultAlone.note(data, files.rack(), Trust.load(data.trustDir()), Clock.systemUTC(), note);
        DurableFile.delete(files.dataKeys().resolve(key));
    }

    private void print(List<String> keys, Map<String, DataKeyUse.Use> use) {
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode all = document.putArray("shredded");
        for (String key : keys) {
            long messages = Optional.ofNullable(use.get(key))
                    .map(DataKeyUse.Use::messages)
                    .orElse(0L);
            all.addObject().put("key", key).put("messages", messages);
            if (!json) {
                out.printf("%s: destroyed; %,d messages are sealed for ever%n", key, messages);
            }
        }
        if (json) {
            out.println(document);
        } else if (keys.isEmpty()) {
            out.println("no data key is left that sealed a message on that day");
        }
        out.flush();
    }
}
