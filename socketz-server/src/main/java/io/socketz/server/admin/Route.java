package io.socketz.server.admin;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** Takes the requests for one path, and sends the answers itself. */
@FunctionalInterface
interface Route {
    /**
     * Takes over {@code exchange}.
     *
     * @throws BadRequestException if a parameter is not what it should be, and nothing is sent yet
     */
    void open(HttpExchange exchange, QueryParameters query) throws IOException, BadRequestException;
}
