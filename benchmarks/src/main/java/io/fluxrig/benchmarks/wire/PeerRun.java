package io.fluxrig.benchmarks.wire;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.config.Profile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.delivery.DurableProducerQueue;
import org.apache.pekko.actor.typed.delivery.ProducerController;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.delivery.EventSourcedProducerQueue;

/** The peer: Pekko's reliable delivery from one actor system to another over Artery on loopback, without and with its durable queue on the same log plugin. */
final class PeerRun {
    private static final String JOURNAL = "bench.journal";

    private PeerRun() {}

    private static ActorSystem<Void> system(String name, Path log) {
        Config profile = Profile.single();
        Config plugin = ConfigFactory.parseMap(Map.of("dir", log.toString(), "owner", name))
                .withFallback(profile.getConfig("persistence.wal"));
        Config config = ConfigFactory.empty()
                .withValue(JOURNAL, ConfigValueFactory.fromAnyRef(plugin.root().unwrapped()))
                .withFallback(ConfigFactory.parseMap(Map.of(
                        "pekko.actor.provider",
                        "remote",
                        "pekko.reliable-delivery.producer-controller.event-sourced-durable-queue.journal-plugin-id",
                        JOURNAL,
                        // Not slowed down by snapshots.
                        "pekko.reliable-delivery.producer-controller.event-sourced-durable-queue.snapshot-every",
                        1_000_000_000)))
                .withFallback(profile);
        return ActorSystem.create(Behaviors.<Void>empty(), name, config);
    }

    /** Signals per second. */
    static double perSecond(Path folder, boolean durable, int count, byte[] payload) throws Exception {
        ActorSystem<Void> far = system("far", folder.resolve("far"));
        ActorSystem<Void> near = system("near", folder.resolve("near"));
        try {
            CountDownLatch done = new CountDownLatch(count);
            ActorRef<ConsumerController.Command<byte[]>> controller =
                    far.systemActorOf(ConsumerController.create(), "controller", Props.empty());
            ActorRef<ConsumerController.Delivery<byte[]>> consumer =
                    far.systemActorOf(consumer(done), "consumer", Props.empty());
            controller.tell(new ConsumerController.Start<>(consumer));
            String address = ActorRefResolver.get(far).toSerializationFormat(controller);
            Optional<Behavior<DurableProducerQueue.Command<byte[]>>> queue = durable
                    ? Optional.of(EventSourcedProducerQueue.create(PersistenceId.ofUniqueId("queue")))
                    : Optional.empty();
            ActorRef<ProducerController.Command<byte[]>> producer = near.systemActorOf(
                    ProducerController.create(byte[].class, "bench", queue), "producer", Props.empty());
            long began = System.nanoTime();
            ActorRef<ProducerController.RequestNext<byte[]>> source =
                    near.systemActorOf(source(count, payload), "source", Props.empty());
            producer.tell(new ProducerController.Start<>(source));
            producer.tell(new ProducerController.RegisterConsumer<>(
                    ActorRefResolver.get(near).resolveActorRef(address)));
            if (!done.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException(done.getCount() + " of " + count + " did not arrive");
            }
            return count * 1e9 / (System.nanoTime() - began);
        } finally {
            near.terminate();
            far.terminate();
            near.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
            far.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static Behavior<ConsumerController.Delivery<byte[]>> consumer(CountDownLatch done) {
        return Behaviors.receiveMessage(delivery -> {
            done.countDown();
            delivery.confirmTo().tell(ConsumerController.confirmed());
            return Behaviors.same();
        });
    }

    private static Behavior<ProducerController.RequestNext<byte[]>> source(int left, byte[] payload) {
        return Behaviors.receiveMessage(next -> {
            if (left == 0) {
                return Behaviors.same();
            }
            next.sendNextTo().tell(payload);
            return source(left - 1, payload);
        });
    }
}
