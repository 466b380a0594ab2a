package io.socketz.server.admin;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much the API does at a time. Questions wait for a place, which is soon free again, since a question ends within seconds.
 * An answer of megabytes is held until its reader has it, who may have stopped reading: nobody waits for such a place.
 *
 * <pre>{@code
 *   request --one of 8 places--> Endpoint --HttpResponse--> small -------------------> sent
 *              \ none in 5 s: 503                     \---> large --one of 8 places--> sent
 *                                                                     \ none: 503
 * }</pre>
 */
final class ApiPlaces {
    static final int MAX_LARGE_ANSWERS = 8;

    private static final int MAX_QUESTIONS = 8;
    private static final long PATIENCE_SECONDS = 5;

    private final Semaphore questions = new Semaphore(MAX_QUESTIONS, true);
    private final Semaphore largeAnswers = new Semaphore(MAX_LARGE_ANSWERS);

    /** Answers with {@code endpoint}. */
    Route route(Endpoint endpoint) {
        return (exchange, query) -> {
            HttpResponse answer = ask(endpoint, query);
            if (!answer.isLarge()) {
                answer.send(exchange);
            } else if (largeAnswers.tryAcquire()) {
                try {
                    answer.send(exchange);
                } finally {
                    largeAnswers.release();
                }
            } else {
                tooMany(MAX_LARGE_ANSWERS + " long answers are being sent already: ask for less, or try again later")
                        .send(exchange);
            }
        };
    }

    private HttpResponse ask(Endpoint endpoint, QueryParameters query) throws BadRequestException {
        try {
            if (!questions.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return tooMany("too many requests at a time: try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return tooMany("too many ask at a time: ask later");
        }
        try {
            return endpoint.answer(query);
        } finally {
            questions.release();
        }
    }

    private static HttpResponse tooMany(String text) {
        return HttpResponse.jsonError(503, "TOO_MANY_ANSWERS", text).with("Retry-After", "1");
    }
}
