package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a user does not expect: each of these fails, and moves to its neighbours with its mending. */
class DefectsIT {
    /** To LauncherIT or DescriptorsIT. Seen: the stack trace of an ExceptionInInitializerError, exit status 1. */
    @Test
    void saysInOneLineThatTheDescriptorsDoNotSufficeForTheLoops() throws Exception {
        Child.Result result = ServerProcess.command("--loops", "100")
                .shell("ulimit -n 64; exec \"$@\"")
                .run();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().startsWith("socketz serve: cannot ");
    }

    /** To LauncherIT. Seen: it listens on 127.0.0.1 alone, so that nobody can reach it. */
    @Test
    void takesNoHostAtAllForAMistake() throws Exception {
        try (Child server =
                ServerProcess.command().environment("SOCKETZ_HOST", "").start()) {
            Await.until(
                    server::printed,
                    printed -> printed.contains("listening on") || !server.isAlive(),
                    "neither listens nor ends");
            assertThat(server.out().text()).doesNotContain("listening on 127.0.0.1");
        }
    }

    /** To LauncherIT. Seen: Usage: socketz generate-completion. */
    @Test
    void helpsWithCompletionUnderItsOwnName() throws Exception {
        Child.Result help = Child.of(Checkout.socketz("completion", "--help")).run();
        assertThat(help.out()).startsWith("Usage: socketz completion ");
    }

    /** To LauncherIT. Seen: '0.1.0' is not a boolean (from SOCKETZ_VERSION). Images set such a variable. */
    @Test
    void leavesAloneTheVariableThatNamesAVersion() throws Exception {
        Child.Result version = Child.of(Checkout.socketz("--version"))
                .environment("SOCKETZ_VERSION", "0.1.0")
                .run();
        assertThat(version.status()).as(version.err()).isZero();
    }
}
