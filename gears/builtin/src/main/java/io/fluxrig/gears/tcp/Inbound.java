package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Turns a frame into a draft. Where the port names a spec, the frame is read at once, so that classified elements are known. */
final class Inbound {
    /** A frame, read. */
    sealed interface Read {
        record Good(SignalClass signalClass, Draft draft) implements Read {}

        /**
         * @param told for the error port: where reading stopped and why, and nothing of the frame
         * @param readSoFar what had been read by then
         */
        record Bad(Draft told, FluxMap readSoFar) implements Read {}
    }

    private final Optional<Spec> spec;
    private final SignalClass otherwise;

    /** @param otherwise the class of signals whose type nobody knows */
    Inbound(Optional<Spec> spec, SignalClass otherwise) {
        this.spec = spec;
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
        return new Read.Good(
                mti.map(Mti::signalClass).orElse(otherwise), new Draft(0, typed, data, Bytes.wrap(frame), spec));
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
