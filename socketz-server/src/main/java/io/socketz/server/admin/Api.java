package io.socketz.server.admin;

import io.socketz.protocol.json.JsonObject;
import io.socketz.protocol.json.ReplyJson;
import io.socketz.protocol.reply.Reply;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Who is connected, as JSON: the answers of the commands, with their fields as {@code connect --json} prints them. */
final class Api {
    private static final List<String> CLIENT_ARGUMENTS = List.of("server", "addr", "name", "limit", "after");
    private static final List<String> CLIENT_PARAMETERS = List.of("server", "addr", "name", "limit", "after", "fresh");
    private static final List<String> CLOSED_PARAMETERS = List.of("last");

    private final LocalCommands commands;
    private final ServerStates states;
    private final LostServers lost;

    Api(LocalCommands commands, ServerStates states, LostServers lost) {
        this.commands = commands;
        this.states = states;
        this.lost = lost;
    }

    /** {@code /api/server}: this server alone. */
    HttpResponse server(QueryParameters query) throws BadRequestException {
        query.allow(List.of());
        return HttpResponse.json(200, states.own().toJson());
    }

    /** {@code /api/servers}: {@code SERVERS}, and how each of them is; and who was lost recently. */
    HttpResponse servers(QueryParameters query) throws BadRequestException {
        query.allow(List.of());
        List<ServerStatus> servers;
        try {
            servers = states.all();
        } catch (TimeoutException e) {
            return noAnswer();
        }
        JsonObject json = new JsonObject();
        json.objects("servers", servers.stream().map(ServerStatus::toJson).toList());
        json.objects(
                "lost", lost.toJson(servers.stream().map(ServerStatus::member).toList(), System.nanoTime()));
        return HttpResponse.json(200, json);
    }

    /** {@code /api/clients}: a page of {@code WHO LONG}. */
    HttpResponse clients(QueryParameters query) throws BadRequestException {
        query.allow(CLIENT_PARAMETERS);
        return answer(CommandLines.line(query.flag("fresh") ? "WHO LONG FRESH" : "WHO LONG", CLIENT_ARGUMENTS, query));
    }

    /** {@code /api/closed}: {@code WHO CLOSED}. */
    HttpResponse closed(QueryParameters query) throws BadRequestException {
        query.allow(CLOSED_PARAMETERS);
        return answer(CommandLines.line("WHO CLOSED", CLOSED_PARAMETERS, query));
    }

    private HttpResponse answer(String line) {
        try {
            Reply reply = commands.ask(line);
            return HttpResponse.json(reply.type().isRefusal() ? 400 : 200, ReplyJson.object(reply));
        } catch (TimeoutException e) {
            return noAnswer();
        }
    }

    private static HttpResponse noAnswer() {
        return HttpResponse.jsonError(503, "NO_ANSWER", "the server does not answer, or is stopping");
    }
}
