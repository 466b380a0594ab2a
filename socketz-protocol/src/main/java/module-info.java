/**
 * Everything between bytes and commands, for servers, clients and programs that embed the protocol: pure, no I/O, no
 * threads, no dependencies.
 *
 * <pre>{@code
 *   bytes -> proxy -> telnet -> line -> request
 *   bytes <-------------------------- reply
 * }</pre>
 */
module io.socketz.protocol {
    requires static org.jspecify; // annotations: no program needs it at run time

    exports io.socketz.protocol.address;
    exports io.socketz.protocol.name;
    exports io.socketz.protocol.time;
    exports io.socketz.protocol.proxy;
    exports io.socketz.protocol.line;
    exports io.socketz.protocol.telnet;
    exports io.socketz.protocol.request;
    exports io.socketz.protocol.reply;
    exports io.socketz.protocol.json;
}
