package io.socketz.it.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    private static void check(String name, CommandSpec spec, ProjectOptions options) {
        if (!name.matches("[!-~]{1,100}")) {
            throw new ParameterException(
                    spec.commandLine(), "not a name of a member: see '" + options.command("ps") + "'");
        }
    }

    /** A command about a member. */
    abstract static class OfMember extends AskCommand {
        @Parameters(paramLabel = "NAME", description = "A name that ps shows: etcd01, server01, haproxy01, ...")
        private String name = "";

        @Override
        final String question(CommandSpec spec, ProjectOptions options) {
            check(name, spec, options);
            return spec.name() + " " + name;
        }
    }

    /** A command about one member or more. */
    abstract static class OfMembers extends AskCommand {
        @Parameters(
                paramLabel = "NAME",
                arity = "1..*",
                description = "Names that ps shows: etcd01, server01, haproxy01, ...")
        private List<String> names = List.of();

        @Override
        final String question(CommandSpec spec, ProjectOptions options) {
            names.forEach(name -> check(name, spec, options));
            return spec.name() + " " + String.join(" ", names);
        }
    }

    @Command(
            name = "ps",
            description = "Shows all members: process, port, health, and clients as HAProxy counts them.",
            mixinStandardHelpOptions = true)
    static final class Ps extends AskCommand {
        @Option(
                names = "--json",
                fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_JSON
                description = "Print one line of JSON instead of a table.")
        private boolean json;

        @Override
        String question(CommandSpec spec, ProjectOptions options) {
            return spec.name() + (json ? " " + Question.JSON : "");
        }
    }

    @Command(name = "kill", description = "Kills members (SIGKILL).", mixinStandardHelpOptions = true)
    static final class Kill extends OfMembers {}

    @Command(
            name = "stop",
            description = "Stops members gracefully (SIGTERM): servers drain.",
            mixinStandardHelpOptions = true)
    static final class Stop extends OfMembers {}

    @Command(
            name = "start",
            description = "Starts members that were killed or stopped, or have ended.",
            mixinStandardHelpOptions = true)
    static final class Start extends OfMembers {}

    @Command(
            name = "restart",
            description = "Restarts members gracefully, one after the other: waits until each is healthy, and says"
                    + " how long that took.",
            mixinStandardHelpOptions = true)
    static final class Restart extends OfMembers {}

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
