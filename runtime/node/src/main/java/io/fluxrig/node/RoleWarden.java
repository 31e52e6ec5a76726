package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.certs.CertError;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.certs.PeerRoles;
import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * A member may only do what its certificate says: one that announces more is parted with, by each of the others as soon as it has dialled it. The newest member is the last
 * on which a singleton would begin, so one that is parted with while it joins never hosts one. Where no other member may host the Mixer, it could begin to before it was dialled; nobody would
 * listen: orders and passports count by the site's root key, which a certificate does not give.
 */
final class RoleWarden extends AbstractBehavior<RoleWarden.Command> {
    private static final Duration NEXT_LOOK = Duration.ofMillis(250);
    private static final String OF_PEKKO = "dc-";

    sealed interface Command {}

    private record Changed(MemberEvent event) implements Command {}

    private enum Look implements Command {
        INSTANCE
    }

    private final Cluster cluster;
    private final PeerRoles known;
    private final TimerScheduler<Command> timers;
    private final Map<UniqueAddress, Member> unchecked = new LinkedHashMap<>();

    private RoleWarden(ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.cluster = Cluster.get(context.getSystem());
        this.known = PeerRoles.of(context.getSystem().classicSystem());
        this.timers = timers;
        cluster.subscriptions()
                .tell(Subscribe.create(context.messageAdapter(MemberEvent.class, Changed::new), MemberEvent.class));
        cluster.state().getMembers().forEach(this::expect);
    }

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new RoleWarden(context, timers)));
    }

    /** Whether nodes of this configuration show each other certificates. */
    static boolean isDue(Config config) {
        return config.getString("pekko.remote.artery.transport").equals("tls-tcp");
    }

    /**
     * What this node is to announce, against its own certificate.
     *
     * @throws FluxException ROLE where the others would part with it
     */
    static void checkOwn(Config config) {
        Path tls = Path.of(config.getString("fluxrig.tls.dir"));
        excess(
                        config.getStringList("pekko.cluster.roles"),
                        CertificateFile.usable(tls).identity().roles())
                .ifPresent(excess -> {
                    throw new FluxException(CertError.ROLE, tls + " does not give " + excess);
                });
    }

    private static Optional<String> excess(Collection<String> announced, Set<String> given) {
        Set<String> more = new TreeSet<>(announced);
        more.removeAll(given);
        more.removeIf(role -> role.startsWith(OF_PEKKO));
        return more.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", more));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Changed.class, changed -> {
                    Member member = changed.event().member();
                    if (changed.event() instanceof MemberRemoved) {
                        unchecked.remove(member.uniqueAddress());
                    } else {
                        expect(member);
                    }
                    return this;
                })
                .onMessageEquals(Look.INSTANCE, () -> {
                    look();
                    return this;
                })
                .build();
    }

    private void expect(Member member) {
        if (!member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())) {
            unchecked.put(member.uniqueAddress(), member);
            dial(member.address());
            look();
        }
    }

    /** Whatever is sent there makes this node dial it; only the one who answers a dialled address has shown that it is there. */
    private void dial(Address address) {
        getContext()
                .getSystem()
                .classicSystem()
                .actorSelection(address + "/user")
                .tell(new Identify("roles"), ActorRef.noSender());
    }

    private void look() {
        unchecked.values().removeIf(this::isChecked);
        if (!unchecked.isEmpty()) {
            timers.startSingleTimer(Look.INSTANCE, NEXT_LOOK);
        }
    }

    private boolean isChecked(Member member) {
        Address address = member.address();
        Optional<Set<String>> given =
                known.at(address.getHost().orElse(""), address.getPort().orElse(0));
        given.flatMap(roles -> excess(member.getRoles(), roles)).ifPresent(excess -> {
            FluxException refusal = new FluxException(CertError.ROLE, address + " announces " + excess);
            getContext().getLog().warn("parted with a member: {}", refusal.line());
            cluster.manager().tell(new Down(address));
        });
        return given.isPresent();
    }
}
