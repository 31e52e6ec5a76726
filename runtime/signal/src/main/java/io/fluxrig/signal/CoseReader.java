package io.fluxrig.signal;

/** Reads COSE_Sign1 items of the one form that {@link SignedArtifact} writes. */
final class CoseReader {
    /** The parts of one item. */
    record Sign1(Bytes protectedHeader, Bytes payload, Bytes signature) {}

    private final byte[] file;
    private int at;

    CoseReader(byte[] file) {
        this.file = file;
    }

    boolean atEnd() {
        return at == file.length;
    }

    Sign1 next() {
        expect(0xd2, "tag 18");
        expect(0x84, "an array of four");
        Bytes header = byteString("the protected header");
        expect(0xa0, "an empty unprotected header");
        Bytes payload = byteString("the embedded payload");
        Bytes signature = byteString("the signature");
        return new Sign1(header, payload, signature);
    }

    private void expect(int octet, String what) {
        if (at >= file.length || (file[at] & 0xff) != octet) {
            throw SignedArtifact.refuse("byte " + at + " is not " + what);
        }
        at++;
    }

    private Bytes byteString(String what) {
        try {
            CborReader reader = new CborReader(file, at, file.length);
            if (at < file.length && (file[at] & 0xff) >> 5 == 2 && reader.value(1) instanceof Value.Bin bin) {
                at = reader.position();
                return bin.value();
            }
        } catch (CborException malformed) {
            throw SignedArtifact.refuse("byte " + malformed.offset() + ": " + malformed.rule());
        }
        throw SignedArtifact.refuse("byte " + at + " is not " + what);
    }
}
