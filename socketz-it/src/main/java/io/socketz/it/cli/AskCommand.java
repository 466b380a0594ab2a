package io.socketz.it.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands about a topology that is up: each is a question of its own name to the process that runs it. */
abstract class AskCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions options = new ProjectOptions();

    /** The line that is asked. */
    String question(CommandSpec spec, ProjectOptions options) {
        return spec.name();
    }

    /** Asks it and prints the answer. Returns the exit status. */
    int ask(ProjectOptions options, String question, PrintWriter out, PrintWriter err) {
        return Question.ask(options, question, out::println, err);
    }

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return ask(options, question(spec, options), out, err);
    }

    /** One about a member. */
    abstract static class OfMember extends AskCommand {
        @Parameters(paramLabel = "NAME", description = "Of ps: etcd01, server01, haproxy01, ...")
        private String name = "";

        @Override
        final String question(CommandSpec spec, ProjectOptions options) {
            if (!name.matches("[!-~]{1,100}")) {
                throw new ParameterException(
                        spec.commandLine(), "that is no name: see '" + options.command("ps") + "'");
            }
            return spec.name() + " " + name;
        }
    }

    @Command(
            name = "ps",
            description = "Shows what runs: process, port, health, clients by HAProxy.",
            mixinStandardHelpOptions = true)
    static final class Ps extends AskCommand {}

    @Command(name = "kill", description = "Ends one of them at once (SIGKILL).", mixinStandardHelpOptions = true)
    static final class Kill extends OfMember {}

    @Command(
            name = "stop",
            description = "Ends one of them in order (SIGTERM): a server drains.",
            mixinStandardHelpOptions = true)
    static final class Stop extends OfMember {}

    @Command(
            name = "start",
            description = "Starts one that was killed, stopped or has ended.",
            mixinStandardHelpOptions = true)
    static final class Start extends OfMember {}

    @Command(
            name = "member-list",
            description = "Shows the members of etcd, as etcdctl does.",
            mixinStandardHelpOptions = true)
    static final class MemberList extends AskCommand {}

    @Command(
            name = "down",
            description = "Ends all that up has started, and deletes its data.",
            mixinStandardHelpOptions = true)
    static final class Down extends AskCommand {}
}
