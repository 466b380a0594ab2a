/**
 * A client of Socketz for programs: thread-safe, pipelined, and connected again when a server is lost. The commands need
 * the optional modules; a program that embeds the library does not.
 */
@SuppressWarnings("requires-automatic") // JLine has a name of its own choice, and no module
module io.socketz.client {
    requires transitive io.socketz.protocol;
    requires static info.picocli;
    requires static org.jline;
    requires static org.jspecify;

    exports io.socketz.client;
    exports io.socketz.client.bench;
    exports io.socketz.client.cli;

    opens io.socketz.client.bench to
            info.picocli;
    opens io.socketz.client.cli to
            info.picocli;
}
