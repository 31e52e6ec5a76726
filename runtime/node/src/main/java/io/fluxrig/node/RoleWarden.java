package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.certs.CertError;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.certs.PeerRoles;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
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
 * on which a singleton would begin, so one that is parted with while it joins never hosts one. It is dialled for this alone: a node that comes back may show another
 * certificate than the one before it at this address. Who does not answer that is judged by what it showed when it was dialled for something else. Where no other member may host the Mixer, it
 * could begin to before it was judged; its passports and rosters would be believed by nobody: they count by the site's root key, which a certificate does not give.
 */
final class RoleWarden extends AbstractBehavior<RoleWarden.Command> {
    private static final Duration NEXT_TRY = Duration.ofSeconds(1);
    private static final int TRIES = 5;
    private static final String OF_PEKKO = "dc-";

    sealed interface Command {}

    private record Changed(MemberEvent event) implements Command {}

    private record Dial(Member member, int tries) implements Command {}

    private record Dialled(Member member, int tries, boolean answered) implements Command {}

    private final Cluster cluster;
    private final PeerRoles known;
    private final TimerScheduler<Command> timers;
    private final Set<UniqueAddress> unchecked = new HashSet<>();

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
                .onMessage(Dial.class, due -> {
                    dial(due.member(), due.tries());
                    return this;
                })
                .onMessage(Dialled.class, dialled -> {
                    judge(dialled);
                    return this;
                })
                .build();
    }

    private void expect(Member member) {
        if (!member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())) {
            unchecked.add(member.uniqueAddress());
            dial(member, 1);
        }
    }

    /** Only the one who answers a dialled address has shown that it is there. */
    private void dial(Member member, int tries) {
        if (unchecked.contains(member.uniqueAddress())) {
            CompletableFuture<Void> asked = CompletableFuture.runAsync(
                    () -> ask(member.address()),
                    task -> Thread.ofVirtual().name("roles").start(task));
            getContext().pipeToSelf(asked, (done, problem) -> new Dialled(member, tries, problem == null));
        }
    }

    private void ask(Address address) {
        try {
            known.ask(host(address), port(address));
        } catch (IOException nobody) {
            throw new UncheckedIOException(nobody);
        }
    }

    private void judge(Dialled dialled) {
        Member member = dialled.member();
        Address address = member.address();
        Optional<Set<String>> given = known.at(host(address), port(address));
        if (given.isEmpty() || !dialled.answered() && dialled.tries() < TRIES) {
            timers.startSingleTimer(
                    member.uniqueAddress(), new Dial(member, Math.min(dialled.tries() + 1, TRIES)), NEXT_TRY);
        } else if (unchecked.remove(member.uniqueAddress())) {
            excess(member.getRoles(), given.get()).ifPresent(excess -> {
                FluxException refusal = new FluxException(CertError.ROLE, address + " announces " + excess);
                getContext().getLog().warn("parted with a member: {}", refusal.line());
                cluster.manager().tell(new Down(address));
            });
        }
    }

    private static String host(Address address) {
        return address.getHost().orElse("");
    }

    private static int port(Address address) {
        return address.getPort().orElse(0);
    }
}
