package io.socketz.it.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands about a running topology: each sends its own name as a question to the process that runs it. */
abstract class AskCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions options = new ProjectOptions();

    /** The question to send. */
    String question(CommandSpec spec, ProjectOptions options) {
        return spec.name();
    }

    /** Sends the question and prints the answer. Returns the exit status. */
    int ask(ProjectOptions options, String question, PrintWriter out, PrintWriter err) {
        return Question.ask(options, question, out::println, err);
    }

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return ask(options, question(spec, options), out, err);
    }

    /** A command about a member. */
    abstract static class OfMember extends AskCommand {
        @Parameters(paramLabel = "NAME", description = "A name that ps shows: etcd01, server01, haproxy01, ...")
        private String name = "";

        @Override
        final String question(CommandSpec spec, ProjectOptions options) {
            if (!name.matches("[!-~]{1,100}")) {
                throw new ParameterException(
                        spec.commandLine(), "not a name of a member: see '" + options.command("ps") + "'");
            }
            return spec.name() + " " + name;
        }
    }

    @Command(
            name = "ps",
            description = "Shows all members: process, port, health, and clients as HAProxy counts them.",
            mixinStandardHelpOptions = true)
    static final class Ps extends AskCommand {}

    @Command(name = "kill", description = "Kills a member (SIGKILL).", mixinStandardHelpOptions = true)
    static final class Kill extends OfMember {}

    @Command(
            name = "stop",
            description = "Stops a member gracefully (SIGTERM): a server drains.",
            mixinStandardHelpOptions = true)
    static final class Stop extends OfMember {}

    @Command(
            name = "start",
            description = "Starts a member that was killed or stopped, or has ended.",
            mixinStandardHelpOptions = true)
    static final class Start extends OfMember {}

    @Command(
            name = "member-list",
            description = "Lists the members of etcd, as etcdctl does.",
            mixinStandardHelpOptions = true)
    static final class MemberList extends AskCommand {}

    @Command(
            name = "down",
            description = "Ends everything that up started, and deletes its data.",
            mixinStandardHelpOptions = true)
    static final class Down extends AskCommand {}
}
