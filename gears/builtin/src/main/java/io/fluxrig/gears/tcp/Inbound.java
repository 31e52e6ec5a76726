package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gears.iso8583.Conformance;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.gears.iso8583.Validation;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.WireHeader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns a frame into a draft. Where the port names a spec, the frame is read at once, so that classified elements are known. */
final class Inbound {
    /** A frame, read. */
    sealed interface Read {
        record Good(SignalClass signalClass, Draft draft) implements Read {}

        /**
         * Read, and refused by the rules of its spec.
         *
         * @param draft for the error port: the message as it came
         */
        record Refused(SignalClass signalClass, Draft draft) implements Read {}

        /**
         * @param told for the error port: where reading stopped and why, and nothing of the frame
         * @param readSoFar what had been read by then
         */
        record Bad(Draft told, FluxMap readSoFar) implements Read {}
    }

    private final Optional<Spec> spec;

    /** What is taken off each frame, where the network puts something there. */
    private final Optional<WireHeader> header;

    private final Optional<Conformance> rules;
    private final Consumer<String> counter;
    private final SignalClass otherwise;

    /**
     * @param counter counts violations by kind
     * @param otherwise the class of signals whose type nobody knows
     */
    Inbound(Optional<Spec> spec, Validation validation, Consumer<String> counter, SignalClass otherwise) {
        this.spec = spec;
        this.header = spec.flatMap(Spec::header).filter(h -> !(h.lead() instanceof WireHeader.Lead.None));
        this.rules = Conformance.of(spec, validation);
        this.counter = counter;
        this.otherwise = otherwise;
    }

    Optional<Spec> spec() {
        return spec;
    }

    /** {@code frame} is not copied. */
    Read read(byte[] frame, Map<String, String> meta) {
        if (spec.isEmpty()) {
            return new Read.Good(otherwise, new Draft(0, meta, FluxMap.EMPTY, Bytes.wrap(frame), spec));
        }
        if (header.isEmpty()) {
            return message(frame, meta);
        }
        try {
            int lead = header.get().leadOf(frame);
            Map<String, String> kept = new HashMap<>(meta);
            kept.put(Framing.HEADER, HexFormat.of().formatHex(frame, 0, lead));
            return message(Arrays.copyOfRange(frame, lead, frame.length), kept);
        } catch (FluxException headless) {
            return bad(new Codec.Decoded.Unreadable("header", 0, headless.what(), FluxMap.EMPTY), frame.length, meta);
        }
    }

    private Read message(byte[] frame, Map<String, String> meta) {
        return switch (spec.get().codec().decode(frame, 0, frame.length)) {
            case Codec.Decoded.Ok ok -> good(ok.data(), frame, meta);
            case Codec.Decoded.Unreadable stop -> bad(stop, frame.length, meta);
        };
    }

    private Read good(FluxMap data, byte[] frame, Map<String, String> meta) {
        Optional<Mti> mti = Mti.of(data);
        Map<String, String> typed = meta;
        if (mti.isPresent()) {
            typed = new HashMap<>(meta);
            typed.put(Mti.META, mti.get().text());
        }
        SignalClass signalClass = mti.map(Mti::signalClass).orElse(otherwise);
        Conformance.Verdict verdict = rules.map(r -> r.check(data)).orElse(Conformance.Verdict.NONE);
        verdict.count(counter);
        if (verdict.refused()) {
            Map<String, String> told = new HashMap<>(typed);
            told.put("error.code", GearError.VIOLATION.code());
            told.put("error.reason", verdict.reason());
            return new Read.Refused(signalClass, new Draft(0, told, data, Bytes.wrap(frame), spec, verdict.note()));
        }
        return new Read.Good(signalClass, new Draft(0, typed, data, Bytes.wrap(frame), spec, verdict.note()));
    }

    private static Read bad(Codec.Decoded.Unreadable stop, int length, Map<String, String> meta) {
        Map<String, String> told = new HashMap<>(meta);
        told.put("error.code", GearError.UNREADABLE.code());
        told.put("error.reason", "field " + stop.field() + " at offset " + stop.offset() + ": " + stop.reason());
        FluxMap data = FluxMap.builder()
                .put("length", length)
                .put("field", stop.field())
                .put("offset", stop.offset())
                .put("reason", Value.of(stop.reason()))
                .build();
        return new Read.Bad(new Draft(0, told, data, Bytes.EMPTY, Optional.empty()), stop.readSoFar());
    }
}
