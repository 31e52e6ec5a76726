package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class CosignatureTest {
    private static final String WITNESS = "witness.example";
    private static final Checkpoint CHECKPOINT =
            new Checkpoint("example/vault/rack-0001-0000000001/1", 12, Bytes.wrap(Hashes.sha256()));

    private static byte[] cosigned(long time) {
        return Checkpoint.withLines(
                CHECKPOINT.sign(Keys.FIRST), Cosignature.line(CHECKPOINT, WITNESS, Keys.SECOND, time));
    }

    @Test
    void aWitnessTellsWhenItSawTheCheckpoint() {
        byte[] note = cosigned(1_679_315_147);
        assertThat(Cosignature.seenAt(Checkpoint.parse(note), WITNESS, Keys.SECOND.publicKey()))
                .contains(1_679_315_147L);
        assertThat(Checkpoint.verify(note, CHECKPOINT.origin(), Keys.FIRST.publicKey()))
                .isEqualTo(CHECKPOINT);
    }

    /** Byte for byte as the page of C2SP says, put together here by hand. */
    @Test
    void theLineIsThatOfC2sp() {
        String line = Cosignature.line(CHECKPOINT, WITNESS, Keys.SECOND, 1_679_315_147);
        assertThat(line).startsWith("\u2014 witness.example ").endsWith("\n");
        byte[] blob =
                Base64.getDecoder().decode(line.strip().substring(line.strip().lastIndexOf(' ') + 1));
        byte[] id = Hashes.sha256(
                "witness.example\n\u0004".getBytes(StandardCharsets.UTF_8),
                Keys.SECOND.publicKey().raw().toArray());
        assertThat(ByteBuffer.wrap(blob).getInt()).isEqualTo(ByteBuffer.wrap(id).getInt());
        assertThat(ByteBuffer.wrap(blob).getLong(4)).isEqualTo(1_679_315_147);
        byte[] signed = ("cosignature/v1\ntime 1679315147\nexample/vault/rack-0001-0000000001/1\n12\n"
                        + "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(Keys.SECOND
                        .publicKey()
                        .verify(signed, Bytes.copyOf(blob, 12, 76).toArray()))
                .isTrue();
    }

    @Test
    void aLineThatIsThereAlreadyIsNotAddedAgain() {
        byte[] note = cosigned(5);
        assertThat(Checkpoint.withLines(note, Cosignature.line(CHECKPOINT, WITNESS, Keys.SECOND, 5)))
                .isEqualTo(note);
    }

    @Test
    void anotherWitnessIsNobody() {
        Checkpoint.Note note = Checkpoint.parse(cosigned(5));
        assertThat(Cosignature.seenAt(note, "other", Keys.SECOND.publicKey())).isEmpty();
        assertThat(Cosignature.seenAt(note, WITNESS, Keys.FIRST.publicKey())).isEmpty();
    }

    @Test
    void refusesAChangedTimeAndAChangedCheckpoint() {
        String line = Cosignature.line(CHECKPOINT, WITNESS, Keys.SECOND, 5);
        byte[] blob =
                Base64.getDecoder().decode(line.strip().substring(line.strip().lastIndexOf(' ') + 1));
        blob[11] ^= 1;
        String later = "\u2014 " + WITNESS + " " + Base64.getEncoder().encodeToString(blob) + "\n";
        Checkpoint other = new Checkpoint(CHECKPOINT.origin(), 13, CHECKPOINT.root());
        for (byte[] bad : new byte[][] {
            Checkpoint.withLines(CHECKPOINT.sign(Keys.FIRST), later), Checkpoint.withLines(other.sign(Keys.FIRST), line)
        }) {
            assertThatThrownBy(() -> Cosignature.seenAt(Checkpoint.parse(bad), WITNESS, Keys.SECOND.publicKey()))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.CHECKPOINT));
        }
    }
}
