package io.socketz.server.admin;

import io.socketz.server.command.CommandService;
import io.socketz.server.command.Watcher;
import io.socketz.server.event.ServerMetrics;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.ChangeListener;
import io.socketz.state.Member;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.Roster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The server that an admin listener shows.
 *
 * @param self who it is
 * @param loops its event loops
 * @param commands answers the API's questions
 * @param metrics reads its metrics, on the caller's thread
 * @param registry the part of them that the registry has, which takes less to read
 * @param roster who is connected to the cluster, as the server knows it
 * @param listen has a listener hear of all changes of the cluster from now on
 * @param unwatch ends the watch of a watcher, on the watcher's thread
 */
public record AdminSource(
        Member self,
        List<EventLoop> loops,
        CommandService commands,
        Supplier<ServerMetrics> metrics,
        Supplier<RegistryMetrics> registry,
        Supplier<CompletableFuture<Roster>> roster,
        Consumer<ChangeListener> listen,
        Consumer<Watcher> unwatch) {}
