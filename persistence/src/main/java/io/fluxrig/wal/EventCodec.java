package io.fluxrig.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.AsyncSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** Turns Pekko's events into what the log stores, and back. */
final class EventCodec {
    private final Serialization serialization;

    EventCodec(ExtendedActorSystem system) {
        this.serialization = SerializationExtension.get(system);
    }

    /** Throws what the serializer throws, declared or not, where an event cannot be serialised. */
    List<WalWrite> encode(Iterable<PersistentRepr> events) {
        List<WalWrite> writes = new ArrayList<>();
        for (PersistentRepr event : events) {
            writes.add(encode(event));
        }
        return writes;
    }

    private WalWrite encode(PersistentRepr event) {
        Object payload = event.payload();
        List<String> tags = List.of();
        if (payload instanceof Tagged tagged) {
            payload = tagged.payload();
            tags = CollectionConverters.asJava(tagged.tags()).stream().sorted().toList();
        }
        Stored stored = store(payload);
        Optional<WalWrite.Metadata> metadata = OptionConverters.toJava(event.metadata())
                .map(this::store)
                .map(s -> new WalWrite.Metadata(s.serializerId(), s.manifest(), s.bytes()));
        return new WalWrite(
                event.persistenceId(),
                event.sequenceNr(),
                event.timestamp(),
                stored.serializerId(),
                stored.manifest(),
                event.manifest(),
                event.writerUuid(),
                tags,
                metadata,
                stored.bytes());
    }

    record Stored(int serializerId, String manifest, byte[] bytes) {}

    Stored store(Object value) {
        Serializer serializer = serialization.findSerializerFor(value);
        if (serializer instanceof AsyncSerializer) {
            throw new IllegalArgumentException(
                    "asynchronous serializer " + serializer.identifier() + " cannot be used for events");
        }
        byte[] bytes = serialization.serialize(value).get();
        return new Stored(serializer.identifier(), Serializers.manifestFor(serializer, value), bytes);
    }

    Object payload(WalRecord stored) {
        return serialization
                .deserialize(stored.payload(), stored.serializerId(), stored.manifest())
                .get();
    }

    Optional<Object> metadata(WalRecord stored) {
        return stored.metadata().map(this::restore);
    }

    Object restore(WalWrite.Metadata stored) {
        return serialization
                .deserialize(stored.bytes(), stored.serializerId(), stored.manifest())
                .get();
    }

    PersistentRepr decode(WalRecord stored) {
        PersistentRepr event = PersistentRepr.apply(
                        payload(stored),
                        stored.sequenceNr(),
                        stored.persistenceId(),
                        stored.eventManifest(),
                        false,
                        ActorRef.noSender(),
                        stored.writerUuid())
                .withTimestamp(stored.timestamp());
        return metadata(stored).map(event::withMetadata).orElse(event);
    }
}
