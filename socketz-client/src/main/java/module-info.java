/** A client of Socketz for programs: thread-safe, pipelined, and connected again when a server is lost. */
module io.socketz.client {
    requires transitive io.socketz.protocol;
    requires static org.jspecify;

    exports io.socketz.client;
}
