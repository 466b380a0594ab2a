package io.socketz.server.session;

import io.socketz.server.nio.Attachment;

/** What the server holds for one client. Owned by the client's loop; {@link Holders} alone change it. */
final class HeldShare {
    final Attachment client;

    /** Bytes of requests that are held undecoded, as counted in {@link HeldMemory}. */
    int input;

    /** Its place among the clients for which memory is held: lower is slower; 0 while none is held. */
    long ticket;

    HeldShare(Attachment client) {
        this.client = client;
    }
}
