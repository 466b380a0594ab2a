package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands about a topology that is up: each is a question to the process that runs it. */
abstract class AskCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions options = new ProjectOptions();

    /** The line that is asked. */
    abstract String question();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            return Question.ask(options, question(), out, err);
        } catch (TopologyException e) {
            err.println(spec.qualifiedName() + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** One about a member. */
    abstract static class OfMember extends AskCommand {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "NAME", description = "Of ps: etcd01, server01, haproxy01, ...")
        private String name = "";

        /** The question's first word. */
        abstract String verb();

        @Override
        final String question() {
            if (!name.matches("[!-~]{1,100}")) {
                throw new ParameterException(spec.commandLine(), "that is no name: see './socketz ps'");
            }
            return verb() + " " + name;
        }
    }

    @Command(
            name = "ps",
            description = "Shows what runs: process, port, health, clients by HAProxy.",
            mixinStandardHelpOptions = true)
    static final class Ps extends AskCommand {
        @Override
        String question() {
            return "ps";
        }
    }

    @Command(name = "kill", description = "Ends one of them at once (SIGKILL).", mixinStandardHelpOptions = true)
    static final class Kill extends OfMember {
        @Override
        String verb() {
            return "kill";
        }
    }

    @Command(
            name = "stop",
            description = "Ends one of them in order (SIGTERM): a server drains.",
            mixinStandardHelpOptions = true)
    static final class Stop extends OfMember {
        @Override
        String verb() {
            return "stop";
        }
    }

    @Command(
            name = "start",
            description = "Starts one that was killed, stopped or has ended.",
            mixinStandardHelpOptions = true)
    static final class Start extends OfMember {
        @Override
        String verb() {
            return "start";
        }
    }

    @Command(name = "logs", description = "Shows all that one of them has said.", mixinStandardHelpOptions = true)
    static final class Logs extends OfMember {
        @Override
        String verb() {
            return "logs";
        }
    }

    @Command(
            name = "member-list",
            description = "Shows the members of etcd, as etcdctl does.",
            mixinStandardHelpOptions = true)
    static final class MemberList extends AskCommand {
        @Override
        String question() {
            return "member-list";
        }
    }

    @Command(
            name = "down",
            description = "Ends all that up has started, and deletes its data.",
            mixinStandardHelpOptions = true)
    static final class Down extends AskCommand {
        @Override
        String question() {
            return "down";
        }
    }
}
