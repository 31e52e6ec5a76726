package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Which log this directory holds, and whose. An owner of "" is not known yet. */
record Cookie(int version, UUID log, String owner, long created) {
    private static final String MAGIC = "FLXRWLID";

    ByteBuffer block() {
        ByteBuffer block = Block.begin(MAGIC).putInt(version);
        Block.putId(block, log);
        block.putLong(created);
        Block.putText(block, owner);
        return Block.finish(block);
    }

    /** Null where the bytes are not a cookie. */
    static Cookie parse(byte[] bytes) {
        ByteBuffer block = Block.check(bytes, MAGIC);
        if (block == null) {
            return null;
        }
        int version = block.getInt();
        UUID log = Block.getId(block);
        long created = block.getLong();
        String owner = Block.getText(block);
        return owner == null ? null : new Cookie(version, log, owner, created);
    }
}
