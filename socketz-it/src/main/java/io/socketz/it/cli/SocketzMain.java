package io.socketz.it.cli;

import io.socketz.client.bench.BenchCommand;
import io.socketz.client.cli.ConnectCommand;
import io.socketz.client.cli.ServersCommand;
import io.socketz.it.TopologyException;
import io.socketz.server.cli.Main;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code socketz} with all its commands: those of a stand-alone server, and those of the topology. */
public final class SocketzMain {
    private SocketzMain() {}

    /** Runs the command that {@code args} ask for, then ends the process with its exit status. */
    public static void main(String[] args) {
        CommandLine line = commandLine(System.getenv());
        line.setExecutionExceptionHandler((e, command, parsed) -> onFailure(e, command));
        System.exit(Main.execute(line, args));
    }

    /** All commands; options that are not on the command line come from {@code environment}. */
    public static CommandLine commandLine(Map<String, String> environment) {
        List<Object> commands = List.of(
                new UpCommand(),
                new AskCommand.Ps(),
                new AskCommand.Kill(),
                new AskCommand.Stop(),
                new AskCommand.Start(),
                new AskCommand.Restart(),
                new LogsCommand(),
                new AskCommand.MemberList(),
                new AskCommand.Down(),
                new ConnectCommand(),
                new ServersCommand(),
                new BenchCommand(),
                new SoakCommand());
        return Main.commandLine(environment, commands);
    }

    /** A {@link TopologyException} is shown as one line; anything else is a defect. */
    private static int onFailure(Exception e, CommandLine command) throws Exception {
        if (!(e instanceof TopologyException)) {
            throw e;
        }
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
