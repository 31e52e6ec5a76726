package io.fluxrig.benchmarks;

import com.solab.iso8583.IsoMessage;
import com.solab.iso8583.MessageFactory;
import com.solab.iso8583.parse.ConfigParser;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jpos.iso.AsciiPrefixer;
import org.jpos.iso.IFA_BINARY;
import org.jpos.iso.ISOBinaryFieldPackager;
import org.jpos.iso.LiteralBinaryInterpreter;
import org.jpos.iso.packager.ISO87APackager;

/** The same messages, and how each of three libraries is told to read them. */
final class IsoMessages {
    static final int[] TAGS = {
        0x82, 0x84, 0x95, 0x9A, 0x9C, 0x5F2A, 0x5F34, 0x5F24, 0x5F25, 0x5F28, 0x9F02, 0x9F03, 0x9F06, 0x9F07, 0x9F08,
        0x9F09, 0x9F0D, 0x9F0E, 0x9F0F, 0x9F10, 0x9F1A, 0x9F1E, 0x9F21, 0x9F26, 0x9F27, 0x9F33, 0x9F34, 0x9F35, 0x9F36,
        0x9F37, 0x9F39, 0x9F40, 0x9F41, 0x9F42, 0x9F53
    };

    private IsoMessages() {}

    static Spec spec() {
        return Specs.loadShipped("fluxrig:iso8583-1987-ascii").orThrow();
    }

    /** 15 elements. */
    static FluxMap authorization() {
        return FluxMap.builder()
                .put("0", "0100")
                .put("2", "5413330089020011")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1126010203")
                .put("11", "000042")
                .put("12", "010203")
                .put("13", "1126")
                .put("14", "2912")
                .put("22", "051")
                .put("25", "00")
                .put("32", "123456")
                .put("37", "RRN000000001")
                .put("41", "TERM0001")
                .put("42", "MERCHANT0000001")
                .put("49", "978")
                .build();
    }

    /** 25 elements, of which one holds 35 tags. */
    static FluxMap emv() {
        FluxMap.Builder chip = FluxMap.builder();
        for (int tag : TAGS) {
            chip.put(Integer.toHexString(tag).toUpperCase(), Bytes.wrap(new byte[] {1, 2, 3, (byte) tag}));
        }
        FluxMap map = authorization()
                .with("0", "0200")
                .with("23", "001")
                .with("35", "5413330089020011=29122010000012345")
                .with("43", "A shop in a street            Berlin  DE")
                .with("48", "Additional data of the acquirer")
                .with("18", "5411")
                .with("52", io.fluxrig.signal.Value.of(Bytes.ofHex("0123456789abcdef")))
                .with("53", "2001010100000000")
                .with("60", "private data")
                .with("102", "DE02120300000000202051");
        return map.with("55", chip.build());
    }

    static MessageFactory<IsoMessage> j8583() {
        Map<Integer, String> forms = new TreeMap<>();
        for (int number : new int[] {2, 32, 35, 102}) {
            forms.put(number, "type=\"LLVAR\"");
        }
        for (int number : new int[] {48, 55, 60}) {
            forms.put(number, "type=\"LLLVAR\"");
        }
        int[][] fixed = {
            {3, 6}, {4, 12}, {7, 10}, {11, 6}, {12, 6}, {13, 4}, {14, 4}, {18, 4}, {22, 3}, {23, 3}, {25, 2}, {49, 3},
            {53, 16}
        };
        for (int[] each : fixed) {
            forms.put(each[0], "type=\"NUMERIC\" length=\"" + each[1] + "\"");
        }
        int[][] text = {{37, 12}, {41, 8}, {42, 15}, {43, 40}};
        for (int[] each : text) {
            forms.put(each[0], "type=\"ALPHA\" length=\"" + each[1] + "\"");
        }
        forms.put(52, "type=\"BINARY\" length=\"8\"");
        StringBuilder xml = new StringBuilder("<j8583-config>");
        for (String type : new String[] {"0100", "0200"}) {
            xml.append("<parse type=\"").append(type).append("\">");
            forms.forEach((number, form) -> xml.append("<field num=\"")
                    .append(number)
                    .append("\" ")
                    .append(form)
                    .append("/>"));
            xml.append("</parse>");
        }
        MessageFactory<IsoMessage> factory = new MessageFactory<>();
        factory.setCharacterEncoding(StandardCharsets.ISO_8859_1.name());
        try {
            ConfigParser.configureFromReader(
                    factory, new StringReader(xml.append("</j8583-config>").toString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return factory;
    }

    static ISO87APackager jpos() {
        ISO87APackager packager = new ISO87APackager();
        packager.setFieldPackager(52, new IFA_BINARY(8, "PIN"));
        packager.setFieldPackager(
                55, new ISOBinaryFieldPackager(999, "chip", LiteralBinaryInterpreter.INSTANCE, AsciiPrefixer.LLL));
        return packager;
    }
}
