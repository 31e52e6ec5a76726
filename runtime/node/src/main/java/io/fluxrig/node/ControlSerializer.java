package io.fluxrig.node;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What Mixer and Racks say to each other between nodes: CBOR under a manifest of its own for each message, and nothing else. A manifest that is not in the table is
 * refused before a byte is read; a change of a message needs a new manifest beside the old.
 */
public final class ControlSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 8583002;

    /** Every message that may cross. */
    static final Map<String, Class<?>> MANIFESTS = manifests();

    private final ExtendedActorSystem system;
    private final ObjectMapper mapper;

    /** As Pekko makes it. */
    public ControlSerializer(ExtendedActorSystem system) {
        this.system = system;
        SimpleModule ours = new SimpleModule("fluxrig")
                .addSerializer(Bytes.class, writer((bytes, out) -> out.writeBinary(bytes.toArray())))
                .addDeserializer(Bytes.class, reader(in -> Bytes.wrap(in.getBinaryValue())))
                .addSerializer(Duration.class, writer((time, out) -> out.writeNumber(time.toNanos())))
                .addDeserializer(Duration.class, reader(in -> Duration.ofNanos(in.getLongValue())))
                .addSerializer(FluxException.class, writer(ControlSerializer::writeRefusal))
                .addDeserializer(
                        FluxException.class,
                        reader(in -> in.readValueAs(Refusal.class).exception()))
                .addSerializer(ActorRef.class, refWriter())
                .addDeserializer(ActorRef.class, refReader());
        mapper = new ObjectMapper(new CBORFactory())
                .registerModule(new Jdk8Module())
                .registerModule(ours)
                .addMixIn(Report.class, Reports.class)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    private static Map<String, Class<?>> manifests() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("enrol/2", Mixer.Enrol.class);
        all.put("enrolled/3", Mixer.Enrolled.class);
        all.put("not-enrolled/1", Mixer.NotEnrolled.class);
        all.put("not-yet/1", Mixer.NotYet.class);
        all.put("decide/1", Mixer.Decide.class);
        all.put("here/1", Mixer.Here.class);
        all.put("push/1", Mixer.Push.class);
        all.put("plan/1", Mixer.Plan.class);
        all.put("activate/1", Mixer.Activate.class);
        all.put("rollback/1", Mixer.Rollback.class);
        all.put("govern/1", Mixer.Govern.class);
        all.put("look/1", Mixer.Look.class);
        all.put("overview/2", Mixer.Overview.class);
        all.put("done/1", Mixer.Done.class);
        all.put("no/1", Mixer.No.class);
        all.put("checkpoint/1", Mixer.ShowCheckpoint.class);
        all.put("take-signals/1", Mixer.TakeSignals.class);
        all.put("find-signals/1", Mixer.FindSignals.class);
        all.put("find-answers/1", Mixer.FindAnswers.class);
        all.put("signals-taken/1", SignalReply.Taken.class);
        all.put("signals-found/1", SignalReply.Found.class);
        all.put("signals-no/1", SignalReply.No.class);
        all.put("cosigned/1", CheckpointOverseer.Cosigned.class);
        all.put("remembers/1", CheckpointOverseer.Remembers.class);
        all.put("denied/1", CheckpointOverseer.Denied.class);
        all.put("no-answer/1", CheckpointOverseer.NoAnswer.class);
        all.put("rack-check/3", Rack.Check.class);
        all.put("rack-activate/3", Rack.Activate.class);
        all.put("rack-govern/3", Rack.Govern.class);
        all.put("rack-heed/1", Rack.Heed.class);
        all.put("rack-disclose/1", Rack.Disclose.class);
        all.put("story/1", Disclosed.Story.class);
        all.put("not-disclosed/1", Disclosed.No.class);
        all.put("fit/1", Report.Fit.class);
        all.put("running/1", Report.Running.class);
        all.put("governed/1", Report.Governed.class);
        all.put("refused/1", Report.Refused.class);
        all.put("wire-hello/1", WireTalk.Hello.class);
        all.put("wire-welcome/2", WireTalk.Welcome.class);
        all.put("wire-not-now/1", WireTalk.NotNow.class);
        all.put("wire-begin/1", WireTalk.Begin.class);
        all.put("wire-begun/1", WireTalk.Begun.class);
        all.put("wire-hands/1", WireTalk.Hands.class);
        all.put("wire-taken/1", WireTalk.Taken.class);
        all.put("wire-gone/1", WireTalk.Gone.class);
        return Map.copyOf(all);
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        for (Map.Entry<String, Class<?>> known : MANIFESTS.entrySet()) {
            if (known.getValue() == message.getClass()) {
                return known.getKey();
            }
        }
        throw new IllegalArgumentException(message.getClass().getName() + " stays on its node");
    }

    @Override
    public byte[] toBinary(Object message) {
        manifest(message);
        try {
            return mapper.writeValueAsBytes(message);
        } catch (IOException e) {
            throw new IllegalArgumentException(message.getClass().getName() + " cannot be written", e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        Class<?> known = MANIFESTS.get(manifest);
        if (known == null) {
            throw new NotSerializableException("an unknown manifest");
        }
        try {
            return mapper.readValue(bytes, known);
        } catch (IOException e) {
            NotSerializableException refused = new NotSerializableException(manifest + " cannot be read");
            refused.initCause(e);
            throw refused;
        }
    }

    @SuppressWarnings("rawtypes")
    private JsonSerializer<ActorRef> refWriter() {
        return writer((ref, out) -> out.writeString(refs().toSerializationFormat((ActorRef<?>) ref)));
    }

    @SuppressWarnings("rawtypes")
    private JsonDeserializer<ActorRef> refReader() {
        return reader(in -> refs().resolveActorRef(in.getText()));
    }

    private ActorRefResolver refs() {
        return ActorRefResolver.get(Adapter.toTyped(system));
    }

    /** What is known of a refusal that was made on another node; a version that knows more numbers may have made it. */
    private record Refusal(int number, String category, String summary, String advice, String what) {
        FluxException exception() {
            return new FluxException(new Told(number, ErrorCode.Category.valueOf(category), summary, advice), what);
        }
    }

    private record Told(int number, Category category, String summary, String advice) implements ErrorCode {}

    private static void writeRefusal(FluxException why, JsonGenerator out) throws IOException {
        ErrorCode code = why.code();
        out.writePOJO(new Refusal(code.number(), code.category().name(), code.summary(), code.advice(), why.what()));
    }

    /** The only place where a message holds another whose kind is not known beforehand. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Report.Fit.class, name = "fit"),
        @JsonSubTypes.Type(value = Report.Running.class, name = "running"),
        @JsonSubTypes.Type(value = Report.Governed.class, name = "governed"),
        @JsonSubTypes.Type(value = Report.Refused.class, name = "refused")
    })
    private interface Reports {}

    private interface Write<T> {
        void write(T value, JsonGenerator out) throws IOException;
    }

    private interface Read<T> {
        T read(JsonParser in) throws IOException;
    }

    private static <T> JsonSerializer<T> writer(Write<T> write) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                write.write(value, out);
            }
        };
    }

    private static <T> JsonDeserializer<T> reader(Read<T> read) {
        return new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
                return read.read(in);
            }
        };
    }
}
