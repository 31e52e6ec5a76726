package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page of {@code fluxrig top}, and how it is drawn over the one before. */
class TopPageTest {
    private static final String NODE = """
            {"rack":"door","site":"pay.example","phase":"running","ready":true,"why":"","degraded":"",
             "scenario":"5f0c2a9be1d37740","inFlight":3,"draining":0,"cutShort":0,
             "links":{"alpha":"up","beta":"down","gamma":"up"},
             "vault":{"leaves":1234567,"durable":1234560,"sealed":1234000,"bytes":99},
             "backlog":{"leaves":12,"ageSeconds":4},
             "wires":[{"wire":"door.out>a.in","rack":"rack-a","state":"open","why":"","backlog":0,"ageSeconds":0,"handedOver":9},
                      {"wire":"door.out>b.in","rack":"rack-b","state":"away","why":"","backlog":3000,"ageSeconds":95,"handedOver":7}],
             "tapDropped":0,"freeDiskBytes":9437184000,
             "movable":[{"rack":"gate","here":true,"phase":"recovering","ready":false,"why":"","degraded":"","inFlight":0,"leaves":5}],
             "certificate":{"notAfter":"2027-01-01T00:00:00Z","daysLeft":36},
             "members":[{"address":"pekko://fluxrig@10.0.0.1:7355","status":"up","reachable":true,"roles":["mixer","rack"]},
                        {"address":"pekko://fluxrig@10.0.0.2:7355","status":"up","reachable":false,"roles":["rack"]}],
             "mixerOn":"pekko://fluxrig@10.0.0.1:7355",
             "at":"2026-11-26T03:00:00Z","leavesPerSecond":480,"bytesPerSecond":98304,
             "signalsPerSecond":120.0,"refusedPerSecond":0.0,"failedPerSecond":1.5,"p50Ms":1.2,"p99Ms":8.04}
            """;

    private static final String SITE = """
            {"racks":[
              {"rack":"door","standing":"approved","here":true,"scenario":"switch","serial":3,"identity":"5f","node":"10.0.0.1:7355"},
              {"rack":"gate","standing":"approved","here":true,"scenario":"switch","serial":3,"identity":"5f"},
              {"rack":"new","standing":"pending","here":false},
              {"rack":"old","standing":"removed","here":false},
              {"rack":"rack-a","standing":"approved","here":true,"scenario":"switch","serial":3,"identity":"5f","node":"10.0.0.2:7355"},
              {"rack":"rack-b","standing":"approved","here":false}]}
            """;

    private static ObjectNode told(String... documents) throws IOException {
        ObjectNode all = new ObjectMapper().createObjectNode();
        for (String document : documents) {
            all.setAll((ObjectNode) new ObjectMapper().readTree(document));
        }
        return all;
    }

    @Test
    void tellsWhatAnOperatorLooksFor() throws IOException {
        assertThat(String.join("\n", TopPage.of(told(NODE, SITE)))).isEqualTo("""
                door of pay.example: running, 3 in flight   2026-11-26T03:00:00Z
                signals      120.0/s in, 0.0/s refused, 1.5/s failed; p50 1.20 ms, p99 8.04 ms
                vault        1,234,567 leaves, 480/s, 96 KiB/s; 9,000 MiB free on its disk
                  behind     7 leaves not yet durable, 560 not yet under a checkpoint, 12 the Mixer has not heard of, the oldest for 4 s
                links        down beta; up alpha, gamma
                certificate  good for 36 days

                WIRE           TO      STATE  BACKLOG  OLDEST
                door.out>b.in  rack-b  away   3,000    95 s
                door.out>a.in  rack-a  open   0

                RACK    STATE       SCENARIO  SERIAL  IN FLIGHT  NODE
                door    running     switch    3       3          this one
                gate    recovering  switch    3       0          this one
                new     pending
                rack-a  runs        switch    3                  10.0.0.2:7355
                rack-b  missing

                MEMBER         STATUS               ROLES
                10.0.0.1:7355  up                   mixer, rack  the Mixer
                10.0.0.2:7355  up      UNREACHABLE  rack""");
    }

    @Test
    void worksWithoutTheMixerAndSaysWhatIsWrong() throws IOException {
        List<String> page = TopPage.of(
                told(
                        NODE,
                        "{\"mixer\":\"FLX-6044\",\"degraded\":\"slow disk\",\"silent\":\"FLX-9121\",\"draining\":2,\"movable\":[{\"rack\":\"gate\",\"here\":false}]}"));
        assertThat(page)
                .contains(
                        "  the node does not answer, this is what it told last: FLX-9121",
                        "  degraded: slow disk",
                        "  the Mixer does not answer: FLX-6044",
                        "  2 changes of scenario are still draining",
                        "door  running    5f0c2a9be1d3          3          this one",
                        "gate  elsewhere");
    }

    @Test
    void whatIsNotThereTakesNoRoom() throws IOException {
        assertThat(TopPage.of(told("{\"rack\":\"rack-a\",\"site\":\"local\",\"phase\":\"starting\"}")))
                .hasSize(7)
                .contains("signals      0.0/s in, 0.0/s refused, 0.0/s failed; p50 -, p99 -");
    }

    @Test
    void nothingInItSteersTheTerminal() throws IOException {
        assertThat(TopPage.of(told("{\"rack\":\"rack-a\",\"why\":\"\\u001b[2J\\n\"}")))
                .allMatch(line -> line.chars().noneMatch(c -> c < ' '));
    }

    @Test
    void aPageIsDrawnOverTheOneBefore() {
        assertThat(Screen.frame(List.of("one", "two"), 24)).isEqualTo("\033[H\033[2Kone\n\033[2Ktwo\n\033[J");
    }

    @Test
    void aPageThatIsLongerThanTheScreenSaysHowMuchIsMissing() {
        List<String> lines = IntStream.range(0, 30).mapToObj(n -> "line " + n).toList();
        String frame = Screen.frame(lines, 24);
        assertThat(frame.lines()).hasSize(24);
        assertThat(frame).contains("line 21").doesNotContain("line 22").contains("... 8 lines more");
        assertThat(Screen.frame(lines.subList(0, 23), 24)).contains("line 22").doesNotContain("more");
    }
}
