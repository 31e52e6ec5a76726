package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.InDoubt;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The books of terminals, schemes and vault, which must agree whatever was killed meanwhile. */
final class Books {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Books() {}

    /** Asserts it, with the schemes' ledgers in {@code folder}; tells what was compared. */
    static String balance(Path folder, Path data, String rack, Path terminalLedger) throws IOException {
        long leaves = vaultIsInOrder(data, rack);
        RackFiles files = new RackFiles(data, rack);
        DataKeys keys = DataKeys.readOnly(files.dataKeys(), data.resolve("keys").resolve(rack + ".kek"));
        InDoubt doubts = new InDoubt(keys);
        VaultReader.at(files.wal()).forEach(doubts::see);
        Set<String> vaultInDoubt = new HashSet<>();
        doubts.rows().forEach(row -> row.request().data().text("37").ifPresent(vaultInDoubt::add));

        Map<String, String> terminalSaw = new HashMap<>();
        for (JsonNode line : lines(terminalLedger)) {
            terminalSaw.put(line.path("rrn").asText(), line.path("outcome").asText());
        }
        int reached = schemesAgree(folder, terminalSaw, vaultInDoubt);

        return leaves + " leaves, " + reached + " requests at the schemes, " + vaultInDoubt.size() + " in doubt";
    }

    /** The vault is intact, each signal has an end, a replay finds no difference; returns the number of leaves. */
    static long vaultIsInOrder(Path data, String rack) {
        RackFiles files = new RackFiles(data, rack);
        Verdict verdict = AuditVerify.run(
                files, PinnedKeys.in(Optional.of(data.resolve("trust"))), Optional.empty(), leaves -> {});
        assertThat(verdict.problems()).as("audit verify").isEmpty();
        assertThat(verdict.counts().openSignals()).as("signals without an end").isZero();
        assertThat(verdict.counts().leaves()).as("the switch worked").isGreaterThan(1000);
        DataKeys keys = DataKeys.readOnly(files.dataKeys(), data.resolve("keys").resolve(rack + ".kek"));
        ReplayReport replay = Replay.run(files, keys, GearTypes.load(Books.class.getClassLoader()), leaves -> {});
        assertThat(replay.differences()).as("audit replay").isEmpty();
        return verdict.counts().leaves();
    }

    /** No request has reached a scheme a second time, whatever the terminals know of the answers. */
    static void schemesSawNothingTwice(Path folder) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String scheme : List.of("alpha", "beta")) {
            for (JsonNode line : lines(folder.resolve(scheme + ".jsonl"))) {
                seen.add(line.path("mti").asText() + line.path("rrn").asText());
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    }

    private static int schemesAgree(Path folder, Map<String, String> terminalSaw, Set<String> vaultInDoubt)
            throws IOException {
        List<String> seenTwice = new ArrayList<>();
        List<String> onlyTheSchemeKnows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String scheme : List.of("alpha", "beta")) {
            for (JsonNode line : lines(folder.resolve(scheme + ".jsonl"))) {
                String rrn = line.path("rrn").asText();
                if (!seen.add(line.path("mti").asText() + rrn)) {
                    seenTwice.add(rrn);
                }
                boolean told = terminalSaw.getOrDefault(rrn, "in-doubt").equals("approved");
                boolean approved = line.path("rc").asText().equals("00")
                        && line.path("answered").asBoolean();
                if (approved && !told && !vaultInDoubt.contains(rrn)) {
                    onlyTheSchemeKnows.add(rrn);
                }
                if (approved && !told) {
                    assertThat(terminalSaw.get(rrn))
                            .as("the terminal's own book about " + rrn)
                            .isEqualTo("in-doubt");
                }
            }
        }
        assertThat(seenTwice).as("requests that reached a scheme twice").isEmpty();
        assertThat(onlyTheSchemeKnows)
                .as("approvals that the vault does not list as in doubt")
                .isEmpty();
        assertThat(seen.size()).as("requests that reached the schemes").isGreaterThan(100);
        return seen.size();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
