package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final String FIELDS = """
              fields:
                "4": { alias: amount, format: { kind: amount } }
                "22": { alias: entry.mode }
                "48": { subfields: { parts: [{ id: "1", alias: first }, { id: "2" }] } }
            """;

    @TempDir
    Path folder;

    private String spec(String expression) {
        return Sdl.START + FIELDS + "  checks: [{ name: c, assert: \"" + expression + "\" }]\n";
    }

    private boolean holds(String expression, FluxMap data) {
        return Sdl.load(folder, spec(expression))
                .orThrow()
                .validator()
                .check(data)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '`', textBlock = """
            true                                        % true
            false                                       % false
            !false                                      % true
            !!true                                      % true
            mti == '0200'                               % true
            mti == 0200                                 % true
            mti == 200                                  % false
            mti != '0100'                               % true
            present(4)                                  % true
            present(5)                                  % false
            present(48.1) && present(first)             % true
            present(48.2)                               % false
            field(22) == '051'                          % true
            field(22) == 051                            % true
            field(22) == 51                             % false
            field(22) < 100                             % true
            field(22) >= 51                             % true
            field(entry.mode) == '051'                  % true
            field(4) == 1000                            % true
            field(amount) == '000000001000'             % true
            field(4) != 1000                            % false
            field(4) > 999 && field(4) <= 1000          % true
            field(4) > 99999999999999999999999          % false
            field(48.1) == 'it''s'                      % true
            field(5) == 'x'                             % false
            field(5) != 'x'                             % false
            !(field(5) == 'x')                          % true
            field(48) == 'x'                            % false
            false && true || true                       % true
            false && (true || true)                     % false
            true || false && false                      % true
            (mti == '0200') == present(4)               % true
            present(4) != present(5)                    % true
            'a' < 'b'                                   % true
            '9' < '10'                                  % true
            '9' < '1a'                                  % false
            """)
    void means(String expression, boolean truth) {
        FluxMap data = FluxMap.builder()
                .put("0", "0200")
                .put("4", "000000001000")
                .put("22", "051")
                .put("48", FluxMap.builder().put("1", "it's").build())
                .build();
        assertThat(holds(expression, data)).isEqualTo(truth);
    }

    /** The column is that of the first character after the opening quote, plus where the trouble begins. */
    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '`', textBlock = """
            field(22                     % 8 % 2032 % the end stands where something else is asked for
            field(22) == 'x              % 13 % 2032 % a text that does not end
            field(22) = 'x'              % 10 % 2032 % '=' means nothing here
            field(22)                    % 0 % 2032 % a value stands where a truth is asked for
            present(4) && field(22)      % 14 % 2032 % a value stands where a truth is asked for
            true == 'x'                  % 5 % 2032 % a truth and a value cannot be compared
            true < false                 % 5 % 2032 % a truth and a value cannot be compared
            1 < 2 < 3                    % 6 % 2032 % a comparison of a comparison
            present(98)                  % 8 % 2031 % element 98 has no place on the wire
            present(48.9)                % 11 % 2031 % there is no part 48.9
            present(amont)               % 8 % 2031 % no field has the alias 'amont'
            presnt(4)                    % 0 % 2032 % 'presnt' stands where something else is asked for
            present 4                    % 8 % 2032 % '4' stands where something else is asked for
            present()                    % 8 % 2032 % a path is missing
            true true                    % 5 % 2032 % 'true' stands where something else is asked for
            true && )                    % 8 % 2032 % ')' stands where something else is asked for
            """)
    void whatCannotBeReadIsToldAtItsColumn(String expression, int offset, int code, String what) {
        int line = (Sdl.START + FIELDS).split("\n").length + 1;
        int column = "  checks: [{ name: c, assert: \"".length() + 1 + offset;
        assertThat(Sdl.findings(folder, spec(expression)))
                .containsExactly(line + ":" + column + " " + code + " in 'assert': " + what);
    }

    @Test
    void aMisspelledAliasIsGuessed() {
        assertThat(Sdl.load(folder, spec("present(amont)")).findings())
                .extracting(Finding::hint)
                .containsExactly("did you mean 'amount'?");
    }

    @Test
    void lengthAndDepthAreBounded() {
        assertThat(Sdl.findings(folder, spec("true" + " && true".repeat(300))))
                .singleElement()
                .asString()
                .contains("longer than 2000");
        assertThat(Sdl.findings(folder, spec("!".repeat(100) + "true")))
                .singleElement()
                .asString()
                .contains("nested deeper than 32");
        assertThat(Sdl.findings(folder, spec("(".repeat(900)))).hasSize(1);
        assertThat(Sdl.findings(folder, spec("true" + " && true".repeat(200)))).isEmpty();
        assertThat(Sdl.findings(folder, spec("'" + "a".repeat(1900) + "' == 'b'")))
                .isEmpty();
    }

    @Test
    void noTextMakesTheParserFail() {
        long seed = System.nanoTime();
        System.out.println("ExpressionTest seed " + seed);
        Random random = new Random(seed);
        List<String> words = List.of(
                "field(",
                "present(",
                ")",
                "(",
                "22",
                "4",
                "48.1",
                "amount",
                "mti",
                "'x'",
                "'",
                "==",
                "<",
                "&&",
                "||",
                "!",
                "true",
                " ",
                "\u00e9",
                "=",
                "0200",
                "9F02",
                ".",
                "&");
        ExpressionParser.Paths paths = new ExpressionParser.Paths() {
            @Override
            public DataPath resolve(String path) {
                return DataPath.of(4);
            }

            @Override
            public boolean isNumber(DataPath path) {
                return true;
            }
        };
        Elements message = new Elements(Sdl.message("0", "0200", "4", "1"));
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(words.get(random.nextInt(words.size())));
            }
            try {
                ExpressionParser.parse(text.toString(), paths).holds(message);
                read++;
            } catch (ExpressionParser.Wrong wrong) {
                assertThat(wrong.offset()).as(text.toString()).isBetween(0, text.length());
            }
        }
        assertThat(read).isPositive();
    }
}
