package io.socketz.it.cli;

import io.socketz.it.MemberStatus;
import io.socketz.it.Topology;
import io.socketz.it.TopologyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers {@link Question}s about a topology, each on its own thread, because a drain takes long. */
final class Control implements AutoCloseable {
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    private final ServerSocketChannel listener;
    private final Topology topology;
    private final Supervisor supervisor;
    private final Set<Thread> answers = ConcurrentHashMap.newKeySet();

    /** Connections that wait for the end of the topology. */
    private final Set<SocketChannel> waiting = ConcurrentHashMap.newKeySet();

    private Control(ServerSocketChannel listener, Topology topology, Supervisor supervisor) {
        this.listener = listener;
        this.topology = topology;
        this.supervisor = supervisor;
    }

    /**
     * Starts to answer at {@code socket}.
     *
     * @throws TopologyException if there can be no socket: some file systems do not support them
     */
    static Control open(Path socket, Topology topology, Supervisor supervisor) {
        ServerSocketChannel listener = listen(socket);
        Control control = new Control(listener, topology, supervisor);
        Thread thread = new Thread(control::accept, "socketz-control");
        thread.setDaemon(true);
        thread.start();
        return control;
    }

    static ServerSocketChannel listen(Path socket) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                return listener.bind(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                listener.close();
                throw e;
            }
        } catch (IOException e) {
            throw new TopologyException("cannot make a socket in '" + socket.getParent() + "' (" + e.getMessage()
                    + "): choose another folder with --data");
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                Thread thread = new Thread(() -> answer(channel), "socketz-answer");
                thread.setDaemon(true);
                answers.add(thread);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(SocketChannel channel) {
        try (channel;
                BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
                PrintWriter writer = new PrintWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), true)) {
            String question = reader.readLine();
            if (question != null) {
                int status = question.equals("end") ? awaitEnd(channel, reader) : answer(question, new Answer(writer));
                writer.println(Question.EXIT + status);
            }
        } catch (IOException e) {
            // the asker has gone
        } finally {
            answers.remove(Thread.currentThread());
        }
    }

    /** Returns when the topology has ended, or the asker has gone, so that no thread waits for it. */
    private int awaitEnd(SocketChannel channel, BufferedReader reader) throws IOException {
        waiting.add(channel);
        try {
            var unused = reader.read();
            return 0;
        } finally {
            waiting.remove(channel);
        }
    }

    private int answer(String question, Answer answer) {
        List<String> words = List.of(question.split(" "));
        String verb = words.get(0);
        try {
            return switch (verb) {
                case "state" -> {
                    answer.out(supervisor.state().name().toLowerCase(Locale.ROOT));
                    yield 0;
                }
                case "ps" -> {
                    List<MemberStatus> members = topology.status();
                    if (words.contains(Question.JSON)) {
                        answer.out(StatusJson.of(members));
                    } else {
                        StatusTable.of(members).forEach(answer::out);
                    }
                    yield 0;
                }
                case "member-list" -> {
                    topology.etcdctl("member", "list").lines().forEach(answer::out);
                    yield 0;
                }
                case "down" -> {
                    supervisor.end(answer::out);
                    yield 0;
                }
                default -> answer(verb, words.subList(1, words.size()), answer);
            };
        } catch (TopologyException e) {
            return answer.fail(verb, String.valueOf(e.getMessage()));
        } catch (InterruptedException | RuntimeException e) {
            return answer.fail(verb, e.toString());
        }
    }

    private int answer(String verb, List<String> names, Answer answer) {
        if (verb.equals("logs")) {
            String name = String.join(" ", names);
            topology.check(name);
            answer.out(topology.log(name).toString());
            return 0;
        }
        if (!MemberOrders.isOrder(verb)) {
            return answer.fail(verb, "is not a command");
        }
        names.forEach(topology::check);
        if (supervisor.state() != Supervisor.State.READY) {
            return answer.fail(
                    verb, "the topology is " + supervisor.state().name().toLowerCase(Locale.ROOT));
        }
        return new MemberOrders(topology).obey(verb, names, answer);
    }

    /**
     * The topology has ended: says so, and gives askers time to read the last answers, those to {@code down} included.
     */
    void awaitAnswers() throws InterruptedException {
        for (SocketChannel channel : waiting) {
            try {
                channel.shutdownInput();
            } catch (IOException e) {
                // the asker has gone this moment
            }
        }
        for (Thread answer : answers) {
            answer.join(LAST_ANSWERS_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
