package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who founds a cluster: for Pekko it is the node whose own address stands first among the seed nodes. */
class FoundingTest {
    private static final String MINE = "pekko://fluxrig@node-a:7355";
    private static final String OTHER = "pekko://fluxrig@node-b:7355";

    @TempDir
    private Path data;

    private static Config seeds(String... all) {
        return ConfigFactory.parseString(
                        "pekko.remote.artery.canonical { hostname = node-a, port = 7355 }, pekko.cluster.seed-nodes = [\""
                                + String.join("\", \"", all) + "\"]")
                .resolve();
    }

    private List<String> rule(Config config, boolean bootstrap) {
        return Founding.rule(config, data, bootstrap).getStringList(Founding.SEEDS);
    }

    @Test
    void theFirstSeedNodeFoundsTheClusterAtItsVeryFirstStart() {
        assertThat(rule(seeds(MINE, OTHER), false)).containsExactly(MINE, OTHER);
    }

    @Test
    void aNodeThatWasAMemberOnlyJoins() {
        Founding.remember(data);
        assertThat(rule(seeds(MINE, OTHER), false)).containsExactly(OTHER);
    }

    @Test
    void aNodeThatWasAMemberFoundsAnotherWhereAnOperatorSaysSo() {
        Founding.remember(data);
        assertThat(rule(seeds(MINE, OTHER), true)).containsExactly(MINE, OTHER);
    }

    @Test
    void aSiteOfOneSeedNodeIsFoundedByItAgain() {
        Founding.remember(data);
        assertThat(rule(seeds(MINE), false)).containsExactly(MINE);
    }

    @Test
    void anotherNodeJoinsAsEver() {
        Founding.remember(data);
        assertThat(rule(seeds(OTHER), false)).containsExactly(OTHER);
    }
}
