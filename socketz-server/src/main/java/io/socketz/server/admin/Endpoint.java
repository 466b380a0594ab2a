package io.socketz.server.admin;

/** Answers the requests for one path. On a thread of the admin listener, which it may block for some seconds. */
@FunctionalInterface
interface Endpoint {
    /**
     * The answer.
     *
     * @throws BadRequestException if a parameter is not what it should be
     */
    HttpResponse answer(QueryParameters query) throws BadRequestException;
}
