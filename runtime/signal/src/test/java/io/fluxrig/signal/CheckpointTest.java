package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final String ORIGIN = "example/vault/rack-0001-0000000001/1";
    private static final Checkpoint CHECKPOINT = new Checkpoint(ORIGIN, 12, Bytes.wrap(Hashes.sha256()));

    private static void refuses(String note) {
        refuses(note.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(byte[] note) {
        assertThatThrownBy(() -> Checkpoint.verify(note, ORIGIN, Keys.FIRST.publicKey()))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.CHECKPOINT));
    }

    private static String signed() {
        return new String(CHECKPOINT.sign(Keys.FIRST), StandardCharsets.UTF_8);
    }

    @Test
    void verifiesWhatItSigned() {
        assertThat(Checkpoint.verify(CHECKPOINT.sign(Keys.FIRST), ORIGIN, Keys.FIRST.publicKey()))
                .isEqualTo(CHECKPOINT);
        assertThat(signed())
                .startsWith(ORIGIN + "\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 " + ORIGIN + " ");
    }

    @Test
    void refusesAnotherOriginKeyOrSignature() {
        assertThatThrownBy(() -> Checkpoint.verify(CHECKPOINT.sign(Keys.FIRST), "other", Keys.FIRST.publicKey()))
                .isInstanceOf(FluxException.class);
        refuses(CHECKPOINT.sign(Keys.SECOND));
        refuses(signed().replace("\n12\n", "\n13\n"));
        refuses(signed().replace("47DE", "47DF"));
        refuses(signed().replace("\u2014 " + ORIGIN, "\u2014 " + ORIGIN + "x"));
    }

    @Test
    void signaturesOfStrangersAreIgnoredUpToAHundred() {
        Checkpoint.Note note = Checkpoint.parse(CHECKPOINT.sign(Keys.FIRST));
        assertThat(note.signatures()).hasSize(1);
        String stranger = "\u2014 witness " + Base64.getEncoder().encodeToString(new byte[76]) + "\n";
        byte[] most = (signed() + stranger.repeat(99)).getBytes(StandardCharsets.UTF_8);
        assertThat(Checkpoint.verify(most, ORIGIN, Keys.FIRST.publicKey())).isEqualTo(CHECKPOINT);
        assertThat(Checkpoint.parse(most).signatures()).hasSize(100);
        refuses(signed() + stranger.repeat(100));
    }

    @Test
    void refusesABadSignatureBesideAGoodOne() {
        String note = signed();
        int from = note.lastIndexOf("\n\n") + 2;
        String line = note.substring(from);
        byte[] blob = Base64.getDecoder()
                .decode(line.substring(line.lastIndexOf(' ') + 1).trim());
        blob[20] ^= 1;
        String bad = line.substring(0, line.lastIndexOf(' ') + 1)
                + Base64.getEncoder().encodeToString(blob) + "\n";
        refuses(note + bad);
        refuses(note.substring(0, from) + bad + line);
    }

    @Test
    void bodiesOfTheVectorsParseAsTheProfileSays() {
        for (JsonNode item :
                Vectors.json("signed-note/tlog_checkpoint_cases.json").get("parse")) {
            String text = item.get("text").asText();
            String note = text + "\n\u2014 someone " + Base64.getEncoder().encodeToString(new byte[68]) + "\n";
            // FORMATS section 7: three lines and nothing else, where tlog-checkpoint allows extension lines.
            boolean profile = item.get("expect").asText().equals("accept") && !text.contains("extension");
            if (profile) {
                Checkpoint checkpoint =
                        Checkpoint.parse(note.getBytes(StandardCharsets.UTF_8)).checkpoint();
                assertThat(new String(checkpoint.body(), StandardCharsets.UTF_8))
                        .isEqualTo(text);
            } else {
                refuses(note);
            }
        }
    }

    @Test
    void readsTheExampleOfTlogCheckpoint() {
        String example = Vectors.json("signed-note/tlog_checkpoint_cases.json")
                .get("example_note")
                .asText();
        Checkpoint.Note note = Checkpoint.parse(example.getBytes(StandardCharsets.UTF_8));
        assertThat(note.checkpoint().size()).isEqualTo(20_852_163);
        assertThat(note.signatures().getFirst().keyName()).isEqualTo("example.com/behind-the-sofa");
    }

    @Test
    void signedNotesOfTheVectorsGetTheirVerdicts() {
        int run = 0;
        for (JsonNode item : Vectors.json("signed-note/signed_note_cases.json").get("verify")) {
            Map<String, VerifyKey> trusted = new HashMap<>();
            boolean ambiguous = false;
            for (JsonNode vkey : item.get("trusted_vkeys")) {
                ambiguous |= trusted.put(name(vkey.asText()), key(vkey.asText())) != null;
            }
            byte[] note = item.has("note")
                    ? item.get("note").asText().getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(item.get("note_base64").asText());
            // A rack has one key of one name: two alike cannot be asked for here.
            if (!ambiguous) {
                boolean verified = verifies(note, trusted);
                assertThat(verified)
                        .as(item.get("id").asText())
                        .isEqualTo(item.get("expect").asText().equals("accept"));
                run++;
            }
        }
        assertThat(run).isEqualTo(15);
    }

    private static boolean verifies(byte[] bytes, Map<String, VerifyKey> trusted) {
        try {
            SignedNote note = SignedNote.parse(bytes);
            return trusted.entrySet().stream()
                    .map(e -> note.isSignedBy(e.getKey(), e.getValue()))
                    .reduce(false, Boolean::logicalOr);
        } catch (FluxException refused) {
            assertThat(refused.code()).isEqualTo(SignalError.CHECKPOINT);
            return false;
        }
    }

    @Test
    void signsTheNoteOfTheVectors() {
        JsonNode sign = Vectors.json("signed-note/signed_note_cases.json").get("sign");
        JsonNode first =
                Vectors.json("signed-note/signed_note_cases.json").get("vkeys").get(0);
        SignedNote note = SignedNote.parse(sign.get("signed_note").asText().getBytes(StandardCharsets.UTF_8));
        assertThat(note.text()).isEqualTo(sign.get("text").asText());
        assertThat(note.isSignedBy("PeterNeumann", key(first.get("vkey").asText())))
                .isTrue();
        assertThat(String.format(
                        "%08x",
                        SignedNote.keyHash("PeterNeumann", key(first.get("vkey").asText()))))
                .isEqualTo("c74f20a3");
    }

    private static String name(String vkey) {
        return vkey.substring(0, vkey.indexOf('+'));
    }

    private static VerifyKey key(String vkey) {
        byte[] blob = Base64.getDecoder()
                .decode(vkey.substring(vkey.lastIndexOf('+', vkey.indexOf('+', vkey.indexOf('+') + 1)) + 1));
        return VerifyKey.ofRaw(Arrays.copyOfRange(blob, 1, blob.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a+b", "a\nb", "a\u00a0b", "a\u2003b", "\u0001"})
    void refusesOriginsThatAreNoKeyNames(String origin) {
        assertThatThrownBy(() -> new Checkpoint(origin, 0, Bytes.wrap(Hashes.emptyRoot())))
                .isInstanceOf(FluxException.class);
    }
}
