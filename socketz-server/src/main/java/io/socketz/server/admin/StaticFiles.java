package io.socketz.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The files of the page, as they stand in the jar. */
final class StaticFiles {
    private static final List<String> SCRIPTS =
            List.of("page.js", "text.js", "servers.js", "chart.js", "clients.js", "events.js");

    private StaticFiles() {}

    /** Has {@code handler} answer with each of them. */
    static void addTo(AdminHandler handler) {
        add(handler, "/", "index.html", "text/html; charset=utf-8");
        add(handler, "/page.css", "page.css", "text/css; charset=utf-8");
        for (String script : SCRIPTS) {
            add(handler, "/" + script, script, "text/javascript; charset=utf-8");
        }
        add(handler, "/icon.svg", "icon.svg", "image/svg+xml");
    }

    private static void add(AdminHandler handler, String path, String file, String contentType) {
        byte[] content = read(file);
        handler.add(path, query -> {
            query.allow(List.of());
            return new HttpResponse(200, contentType, Map.of(), content);
        });
    }

    private static byte[] read(String file) {
        try (InputStream in = StaticFiles.class.getResourceAsStream("page/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the page's " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
