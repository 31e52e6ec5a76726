package io.fluxrig.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Vault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** What a node tells an operator about itself and the members it sees. */
final class NodeReport {
    private static final Set<MemberStatus> HOSTS = Set.of(MemberStatus.up(), MemberStatus.leaving());

    private final ActorSystem<?> system;
    private final RackBoard board;
    private final Map<String, RackBoard> movable;
    private final String rack;
    private final DataDir data;
    private final Clock clock;

    /** @param movable the Racks that this node may host, by name */
    NodeReport(
            ActorSystem<?> system,
            RackBoard board,
            Map<String, RackBoard> movable,
            String rack,
            DataDir data,
            Clock clock) {
        this.system = system;
        this.board = board;
        this.movable = movable;
        this.rack = rack;
        this.data = data;
        this.clock = clock;
    }

    ObjectNode json() {
        NodeStatus status = board.status();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("rack", rack)
                .put("site", data.site())
                .put("phase", status.phase().name().toLowerCase(Locale.ROOT))
                .put("ready", status.ready())
                .put("why", status.why())
                .put("degraded", status.degraded())
                .put("scenario", status.scenario().map(Bytes::hex).orElse(""))
                .put("inFlight", status.inFlight())
                .put("draining", board.draining())
                .put("cutShort", board.tap().total(Tap.Total.CUT_SHORT));
        ObjectNode links = node.putObject("links");
        status.links().forEach((gear, up) -> links.put(gear, up ? "up" : "down"));
        status.vault()
                .ifPresent(vault -> node.putObject("vault")
                        .put("leaves", vault.appended())
                        .put("durable", vault.durable())
                        .put("sealed", vault.sealed())
                        .put("bytes", vault.bytes()));
        long since = board.backlogSince();
        node.putObject("backlog").put("leaves", board.backlog()).put("ageSeconds", ageSeconds(since));
        wires(node);
        node.put("tapDropped", status.tapDropped());
        node.put("freeDiskBytes", data.root().toFile().getUsableSpace());
        movable(node);
        certificate(node);
        members(node);
        ClusterSearch.trouble(system).ifPresent(why -> node.put("noCluster", why.line()));
        mixerOn().ifPresent(member -> node.put("mixerOn", member.address().toString()));
        return node;
    }

    private long ageSeconds(long since) {
        return since == 0 ? 0 : Math.max(0, clock.instant().getEpochSecond() - since / 1_000_000_000L);
    }

    private void wires(ObjectNode node) {
        var all = node.putArray("wires");
        for (FarEnd wire : board.wires()) {
            all.addObject()
                    .put("wire", wire.wire())
                    .put("rack", wire.rack())
                    .put("state", wire.state().name().toLowerCase(Locale.ROOT))
                    .put("why", wire.why())
                    .put("backlog", wire.backlog())
                    .put("ageSeconds", ageSeconds(wire.oldestAt()))
                    .put("handedOver", wire.handedOver());
        }
    }

    /** Whether a movable Rack is hosted here is known by its board, which only its host writes on. */
    private void movable(ObjectNode node) {
        var all = node.putArray("movable");
        movable.forEach((name, its) -> {
            NodeStatus status = its.status();
            all.addObject()
                    .put("rack", name)
                    .put("here", its.isHosted())
                    .put("phase", its.isHosted() ? status.phase().name().toLowerCase(Locale.ROOT) : "elsewhere")
                    .put("ready", status.ready())
                    .put("why", status.why())
                    .put("degraded", status.degraded())
                    .put("inFlight", status.inFlight())
                    .put("leaves", status.vault().map(Vault.Stats::durable).orElse(0L));
        });
    }

    private void certificate(ObjectNode node) {
        String directory = system.settings().config().hasPath("fluxrig.tls.dir")
                ? system.settings().config().getString("fluxrig.tls.dir")
                : "";
        if (directory.isEmpty()) {
            return;
        }
        try {
            CertificateFile.Entry mine =
                    CertificateFile.read(Path.of(directory)).getFirst();
            node.putObject("certificate")
                    .put("notAfter", mine.identity().notAfter().toString())
                    .put("daysLeft", mine.identity().left(clock.instant()).toDays());
        } catch (FluxException unreadable) {
            node.putObject("certificate").put("why", unreadable.line());
        }
    }

    /** Where the Mixer is, as this node sees it: on the member that has been up for the longest, of those that may host it. */
    private Optional<Member> mixerOn() {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .filter(member -> member.hasRole("mixer") && HOSTS.contains(member.status()))
                .min(Member.ageOrdering());
    }

    private void members(ObjectNode node) {
        Cluster cluster = Cluster.get(system);
        var all = node.putArray("members");
        for (Member member : cluster.state().getMembers()) {
            ObjectNode one = all.addObject()
                    .put("address", member.address().toString())
                    .put("status", member.status().toString().toLowerCase(Locale.ROOT))
                    .put("reachable", !cluster.state().getUnreachable().contains(member));
            var roles = one.putArray("roles");
            new TreeSet<>(member.getRoles())
                    .stream().filter(role -> !role.startsWith("dc-")).forEach(roles::add);
        }
    }
}
