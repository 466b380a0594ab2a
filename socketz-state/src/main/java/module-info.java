/**
 * The roster of connected clients, and the registries that keep it: in memory, or in etcd. A registry in memory needs no
 * other module. The libraries that talk to etcd by jetcd are no modules that go together: they are on the class path,
 * which this module reads when it is told to ({@code --add-reads io.socketz.state=ALL-UNNAMED}).
 */
@SuppressWarnings({"module", "requires-automatic"}) // the server is compiled later; HttpCore has a name, and no module
module io.socketz.state {
    requires static com.fasterxml.jackson.core;
    requires static org.apache.httpcomponents.core5.httpcore5;
    requires static org.jspecify; // annotations: no program needs it at run time

    exports io.socketz.state;
    exports io.socketz.state.etcd;
    exports io.socketz.state.etcd.transport;
    exports io.socketz.state.gateway;
    exports io.socketz.state.file to
            io.socketz.server;
    exports io.socketz.state.jetcd to
            io.socketz.server;
    exports io.socketz.state.memory to
            io.socketz.server;
}
