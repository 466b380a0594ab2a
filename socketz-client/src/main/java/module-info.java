/**
 * A client of Socketz for programs: thread-safe, pipelined, and connected again when a server is lost. The commands need
 * the optional modules; a program that embeds the library does not.
 */
module io.socketz.client {
    requires transitive io.socketz.protocol;
    requires static info.picocli;
    requires static org.jspecify;

    exports io.socketz.client;
    exports io.socketz.client.bench;

    opens io.socketz.client.bench to
            info.picocli;
}
