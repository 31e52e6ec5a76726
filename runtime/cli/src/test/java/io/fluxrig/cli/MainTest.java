package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void onlyTheCommandThatIsAskedForIsReadAndAllWhereNoneIs() {
        assertThat(Main.asked("run", "--dev")).containsExactly(RunCommand.class);
        assertThat(Main.asked("--help")).contains(RunCommand.class, AuditCommand.class);
        assertThat(Main.asked()).hasSameElementsAs(Main.asked("no-such-command"));
    }
}
