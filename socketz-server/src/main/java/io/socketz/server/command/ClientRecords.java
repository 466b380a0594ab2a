package io.socketz.server.command;

import io.socketz.protocol.reply.ClientRecord;
import io.socketz.state.Client;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** The records of clients, each made when it is written. */
final class ClientRecords extends AbstractList<ClientRecord> implements RandomAccess {
    private final List<Client> clients;
    private final RecordView view;

    /** The records of {@code clients}, which do not change any more. */
    ClientRecords(List<Client> clients, RecordView view) {
        this.clients = clients;
        this.view = view;
    }

    @Override
    public ClientRecord get(int index) {
        return view.record(clients.get(index));
    }

    @Override
    public int size() {
        return clients.size();
    }
}
