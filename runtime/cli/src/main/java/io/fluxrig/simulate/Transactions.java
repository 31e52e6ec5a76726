package io.fluxrig.simulate;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;

/** Makes one terminal's requests. The same seed and times give the same requests. */
final class Transactions {
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("MMddHHmmss").withZone(ZoneOffset.UTC);
    private static final int LAST_TRACE = 999_999;

    private final String terminal;
    private final String run;
    private final SplittableRandom chance;
    private int trace;
    private int number;

    /**
     * @param terminal its number, 1..9999
     * @param run four characters that no other run has, so that DE 37 is unique for each transaction
     */
    Transactions(int terminal, String run, SplittableRandom chance) {
        this.terminal = String.format("TERM%04d", terminal);
        this.run = run + base36(terminal, 3);
        this.chance = chance;
        this.trace = chance.nextInt(LAST_TRACE);
    }

    String terminal() {
        return terminal;
    }

    /** The next request: mostly purchases, some authorizations, now and then an echo. */
    FluxMap next(Instant now) {
        int of100 = chance.nextInt(100);
        trace = trace % LAST_TRACE + 1;
        number++;
        FluxMap.Builder request = FluxMap.builder()
                .put("7", DATE_TIME.format(now))
                .put("11", String.format("%06d", trace))
                .put("37", run + base36(number, 5))
                .put("41", terminal);
        if (of100 < 5) {
            return request.put("0", "0800").put("70", "301").build();
        }
        return payment(request, now, of100 < 25 ? "0100" : "0200").build();
    }

    private FluxMap.Builder payment(FluxMap.Builder request, Instant now, String mti) {
        String pan = Cards.draw(chance);
        String dateTime = DATE_TIME.format(now);
        request.put("0", mti)
                .put("2", pan)
                .put("3", "000000")
                .put("4", String.format("%012d", amount()))
                .put("12", dateTime.substring(4))
                .put("13", dateTime.substring(0, 4))
                .put("14", "3012")
                .put("18", "5411")
                .put("22", "051")
                .put("25", "00")
                .put("32", "999900")
                .put("42", "MERCHANT0000001")
                .put("49", "978");
        withSecrets(request, pan);
        return request;
    }

    /** What may never be stored: track 2, PIN block and chip data, made of the test card. */
    private void withSecrets(FluxMap.Builder request, String pan) {
        int kind = chance.nextInt(4);
        if (kind == 1 || kind == 2) {
            request.put("35", pan + "=3012" + "201" + "0000000000");
        }
        if (kind == 2) {
            byte[] block = new byte[8];
            for (int i = 0; i < block.length; i++) {
                block[i] = (byte) chance.nextInt(256);
            }
            request.put("52", Bytes.wrap(block));
        }
        if (kind == 3) {
            request.put("55", "5A08" + pan + "9F02060000000012349F2608" + "1122334455667788");
        }
    }

    private long amount() {
        // One in fifty is above what the schemes accept.
        return chance.nextInt(50) == 0 ? 500_001 + chance.nextInt(500_000) : 100 + chance.nextInt(30_000);
    }

    static String base36(int number, int width) {
        String digits = Integer.toString(number, 36).toUpperCase();
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
