package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.cli.WireBooks.Entry;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxId;
import io.fluxrig.vault.Leaf;
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
import java.util.TreeMap;

/** The books of a site on several machines, which must agree whatever went wrong before: vaults, terminals, schemes, and the Mixer's journal. */
final class NetworkBooks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TO_THE_HUB =
            List.of("by-prefix.alpha>switch.alpha", "by-prefix.beta>switch.beta", "by-prefix.local>switch.local");
    private static final String BACK = "switch.reply>terminals.in";
    private static final String FROM_THE_YARD = "door.out>heap.in";

    private final NetworkSite site;
    private final Map<String, VaultLedger> ledgers = new TreeMap<>();
    /** By Rack, since the start. */
    private final Map<String, Integer> granted = new TreeMap<>();

    NetworkBooks(NetworkSite site) {
        this.site = site;
        NetworkSite.RACKS.forEach(rack -> ledgers.put(rack, new VaultLedger(site.data(rack), rack)));
    }

    /**
     * Asserts that they agree, while nothing is under way.
     *
     * @param last texts of frames of which none may be missing
     * @param requests that terminals have sent since the start
     * @return what was compared
     */
    String balance(List<String> last, long requests) throws Exception {
        machineIdsAreForGood();
        long leaves = 0;
        for (String rack : NetworkSite.RACKS) {
            leaves += vaultIsInOrder(rack);
        }
        wiresAgree(last);
        int reached = terminalsAndSchemesAgree(requests);
        return leaves + " leaves, " + reached + " requests at the schemes, epoch " + oneMixer();
    }

    private long vaultIsInOrder(String rack) {
        RackFiles files = new RackFiles(site.data(rack), rack);
        Verdict verdict = AuditVerify.run(
                files, PinnedKeys.in(Optional.of(site.data(rack).resolve("trust"))), Optional.empty(), leaves -> {});
        assertThat(verdict.problems()).as("audit verify of " + rack).isEmpty();
        assertThat(verdict.counts().openSignals())
                .as("signals of " + rack + " without an end")
                .isZero();
        VaultLedger ledger = ledgers.get(rack);
        ledger.readOn(ingress -> itsOwnMachine(rack, ingress));
        endsAreInOrder(rack, ledger);
        return verdict.counts().leaves();
    }

    private static void endsAreInOrder(String rack, VaultLedger ledger) {
        assertThat(ledger.ends().keySet().equals(ledger.begun()))
                .as("signals of " + rack + " have an end")
                .isTrue();
        assertThat(ledger.ends().entrySet().stream().filter(end -> end.getValue() != 1))
                .as("signals of " + rack + " that ended twice")
                .isEmpty();
    }

    /** What did not come by a wire got its id here. */
    private void itsOwnMachine(String rack, Leaf ingress) {
        if (!ingress.port().contains(">") && FluxId.machine(ingress.id()) != granted.get(rack)) {
            throw new AssertionError(FluxId.text(ingress.id()) + " is not an id of " + rack);
        }
    }

    private void wiresAgree(List<String> last) {
        VaultLedger edge = ledgers.get(NetworkSite.EDGE);
        VaultLedger hub = ledgers.get(NetworkSite.HUB);
        for (String wire : TO_THE_HUB) {
            nothingIsLostOrComesTwice(wire, edge, hub);
        }
        nothingIsLostOrComesTwice(BACK, hub, edge);
        VaultLedger yard = ledgers.get(NetworkSite.YARD);
        List<Entry> arrived = hub.arrived(FROM_THE_YARD);
        assertThat(arrived).as("frames of the yard, in order").isEqualTo(yard.handedOver(FROM_THE_YARD));
        assertThat(arrived.stream().map(Entry::text).filter(text -> last.contains(text)))
                .as("what was sent when nothing was wrong")
                .containsExactlyElementsOf(last);
    }

    /** What is never stored may have arrived, though after a crash its sender could not hand it over once more. */
    private static void nothingIsLostOrComesTwice(String wire, VaultLedger from, VaultLedger to) {
        List<Entry> arrived = to.arrived(wire);
        assertThat(new HashSet<>(arrived)).as(wire + ": nothing twice").hasSameSizeAs(arrived);
        Set<Entry> lost = new HashSet<>(from.handedOver(wire));
        arrived.forEach(lost::remove);
        assertThat(lost).as(wire + ": nothing lost").isEmpty();
    }

    private int terminalsAndSchemesAgree(long requests) throws IOException {
        Map<String, String> told = new HashMap<>();
        long lines = 0;
        for (JsonNode line : lines(site.ledger("terminals"))) {
            lines++;
            told.put(line.path("rrn").asText(), line.path("outcome").asText());
            assertThat(line.path("rc").asText() + line.path("why").asText())
                    .as("an answer, or a reason")
                    .isNotEmpty();
        }
        assertThat(lines).as("answered + failed with a reason").isEqualTo(requests);
        Set<String> seen = new HashSet<>();
        for (String scheme : List.of("alpha", "beta")) {
            for (JsonNode line : lines(site.ledger(scheme))) {
                String rrn = line.path("rrn").asText();
                assertThat(seen.add(line.path("mti").asText() + rrn))
                        .as("reached a scheme once: " + rrn)
                        .isTrue();
                boolean approved = line.path("rc").asText().equals("00")
                        && line.path("answered").asBoolean();
                if (approved) {
                    assertThat(told.get(rrn))
                            .as("an approval, at its terminal: " + rrn)
                            .isIn("approved", "in-doubt");
                }
            }
        }
        return seen.size();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** Passports, and what the Mixer remembers: the same ids for good, and none twice. */
    private void machineIdsAreForGood() throws IOException {
        Map<String, Integer> remembered = new TreeMap<>();
        for (JsonNode rack : site.ask(NetworkSite.HUB, "racks", "list").path("racks")) {
            remembered.put(rack.path("rack").asText(), rack.path("machine").asInt());
        }
        Map<String, Integer> passports = new TreeMap<>();
        for (String rack : NetworkSite.RACKS) {
            byte[] file = Files.readAllBytes(site.data(rack).resolve("racks/" + rack + "/passport.cose"));
            List<Integer> machines = Passport.verify(
                            file, Trust.load(site.data(rack).resolve("trust")).root())
                    .machines();
            assertThat(machines).hasSize(1);
            passports.put(rack, machines.getFirst());
        }
        assertThat(passports.values()).as("machine ids").doesNotHaveDuplicates();
        assertThat(remembered).as("what the Mixer remembers").isEqualTo(passports);
        passports.forEach(granted::putIfAbsent);
        assertThat(passports).as("granted for good").isEqualTo(granted);
    }

    /** All nodes name the same one, which is the one that began last; nobody wrote into its journal beside it. Its epoch. */
    private String oneMixer() throws Exception {
        Set<String> named = new HashSet<>();
        for (String rack : NetworkSite.RACKS) {
            named.add(site.status(rack).path("mixerOn").asText());
        }
        assertThat(named).as("the Mixer, as all nodes see it").hasSize(1);
        List<String> epochs = site.strings("SELECT epoch || ' ' || node FROM epoch ORDER BY epoch");
        assertThat(named.iterator().next()).endsWith(epochs.getLast().split(" ")[1]);
        assertThat(epochs)
                .as("each epoch once")
                .hasSize(Integer.parseInt(epochs.getLast().split(" ")[0]));
        assertThat(site.strings("SELECT max(sequence_number) - count(*) FROM event_journal"))
                .as("holes in the Mixer's journal")
                .containsExactly("0");
        return epochs.getLast().split(" ")[0];
    }

    /** A replay of everything finds no difference, and who reads the vaults now finds what was read round by round; for the end, when all nodes have stopped. */
    void areInOrder() {
        for (String rack : NetworkSite.RACKS) {
            new WireBooks(site.data(rack), rack).areInOrder();
            VaultLedger anew = new VaultLedger(site.data(rack), rack);
            anew.readOn(ingress -> {});
            VaultLedger known = ledgers.get(rack);
            known.readOn(ingress -> {});
            endsAreInOrder(rack, anew);
            assertThat(anew.size()).isEqualTo(known.size());
            assertThat(anew.ends()).isEqualTo(known.ends());
        }
    }
}
