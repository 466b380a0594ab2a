/** A whole server, which programs start in their own JVM; and the command {@code serve}, which alone needs picocli. */
@SuppressWarnings("requires-automatic") // Prometheus's jars have names, and are no modules
module io.socketz.server {
    requires transitive io.socketz.protocol;
    requires transitive io.socketz.state;
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires jdk.net;
    requires static com.fasterxml.jackson.core; // of the admin port alone, as the next five
    requires static io.prometheus.metrics.config;
    requires static io.prometheus.metrics.exporter.httpserver;
    requires static io.prometheus.metrics.instrumentation.jvm;
    requires static io.prometheus.metrics.model;
    requires static jdk.httpserver;
    requires static info.picocli;
    requires static org.jspecify; // annotations: no program needs it at run time

    exports io.socketz.server;
    exports io.socketz.server.event;

    opens io.socketz.server.cli to
            info.picocli;
}
