package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxMsg;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Carries fluxMsg between nodes, and groups of leaves, records of control and snapshots into the journal, in fluxCBOR and nothing else. Every manifest
 * names a version; a manifest that is not listed here is refused.
 */
public final class VaultSerializer extends SerializerWithStringManifest {
    /** Never changes: it is written into journals. */
    static final int IDENTIFIER = 8583001;

    private static final String MESSAGE = "msg/1";
    private static final String LEAVES = "leaves/1";
    private static final String RECORD = "record/1";
    private static final String SNAPSHOT = "vault/1";

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object object) {
        return switch (object) {
            case FluxMsg m -> MESSAGE;
            case LeafGroup g -> LEAVES;
            case ControlRecord r -> RECORD;
            case VaultSnapshot v -> SNAPSHOT;
            default ->
                throw new IllegalArgumentException(
                        "not ours to serialize: " + object.getClass().getName());
        };
    }

    @Override
    public byte[] toBinary(Object object) {
        return switch (object) {
            case FluxMsg message -> message.encode();
            case LeafGroup group -> group.toBytes();
            case ControlRecord record -> FluxCbor.encode(record.map());
            case VaultSnapshot snapshot -> snapshot.encode();
            default ->
                throw new IllegalArgumentException(
                        "not ours to serialize: " + object.getClass().getName());
        };
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return switch (manifest) {
            case MESSAGE -> FluxMsg.decode(bytes);
            case LEAVES -> LeafGroup.fromBytes(bytes);
            case RECORD -> ControlRecord.decode(bytes);
            case SNAPSHOT -> VaultSnapshot.decode(bytes);
            default -> throw new NotSerializableException("unknown manifest '" + manifest + "'");
        };
    }
}
