package io.socketz.state.jetcd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeResponse;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Status;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.List;

/** Requests and answers as messages of {@code rpc.proto}. */
final class Protobuf {
    private Protobuf() {}

    static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }

    static String text(ByteString bytes) {
        return bytes.toString(ISO_8859_1);
    }

    /** From {@code rpctypes/error.go}. */
    static Status status(LiveEtcd.Refused refused) {
        Status status = switch (refused.kind()) {
            case LEASE_NOT_FOUND -> Status.NOT_FOUND;
            case COMPACTED -> Status.OUT_OF_RANGE;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            default -> Status.UNKNOWN;
        };
        return status.withDescription(refused.words());
    }

    static RangeResponse range(LiveEtcd etcd, RangeRequest request) {
        etcd.checkLeader();
        if (request.getCountOnly()) {
            return RangeResponse.newBuilder().setHeader(header(etcd.revision())).build();
        }
        RangePage page = etcd.range(
                text(request.getKey()), text(request.getRangeEnd()), request.getRevision(), (int) request.getLimit());
        RangeResponse.Builder response =
                RangeResponse.newBuilder().setHeader(header(page.revision())).setMore(page.more());
        page.entries().forEach(entry -> response.addKvs(entry(entry)));
        return response.build();
    }

    /** Whether a read continues another one. */
    static boolean isNotTheFirstPage(Message request) {
        return request instanceof RangeRequest range && !range.getCountOnly() && range.getRevision() > 0;
    }

    static TxnResponse txn(LiveEtcd etcd, TxnRequest request) {
        List<Write> writes = new ArrayList<>();
        Compare compare = request.getCompare(0);
        Fence fence = new Fence(text(compare.getKey()), compare.getModRevision());
        TxnResponse.Builder response = TxnResponse.newBuilder();
        for (RequestOp operation : request.getSuccessList()) {
            if (operation.hasRequestPut()) {
                PutRequest put = operation.getRequestPut();
                writes.add(new Write.Put(text(put.getKey()), put.getValue().toByteArray(), put.getLease()));
                response.addResponses(ResponseOp.newBuilder().setResponsePut(PutResponse.getDefaultInstance()));
            } else {
                writes.add(
                        new Write.Delete(text(operation.getRequestDeleteRange().getKey())));
                response.addResponses(
                        ResponseOp.newBuilder().setResponseDeleteRange(DeleteRangeResponse.getDefaultInstance()));
            }
        }
        Committed outcome = etcd.commit(fence, writes);
        if (outcome.written()) {
            return response.setSucceeded(true)
                    .setHeader(header(outcome.revision()))
                    .build();
        }
        return stopped(etcd.revision(), outcome.revision());
    }

    private static TxnResponse stopped(long revision, long changedAt) {
        RangeResponse.Builder found = RangeResponse.newBuilder();
        if (changedAt != 0) {
            found.addKvs(io.etcd.jetcd.api.KeyValue.newBuilder().setModRevision(changedAt));
        }
        return TxnResponse.newBuilder()
                .setHeader(header(revision))
                .addResponses(ResponseOp.newBuilder().setResponseRange(found))
                .build();
    }

    static Event event(WatchEvent event) {
        KeyValue put = event.put();
        if (put != null) {
            return Event.newBuilder()
                    .setType(Event.EventType.PUT)
                    .setKv(entry(put))
                    .build();
        }
        return Event.newBuilder()
                .setType(Event.EventType.DELETE)
                .setKv(io.etcd.jetcd.api.KeyValue.newBuilder()
                        .setKey(ByteString.copyFrom(event.key(), ISO_8859_1))
                        .setModRevision(event.revision()))
                .build();
    }

    private static io.etcd.jetcd.api.KeyValue entry(KeyValue entry) {
        return io.etcd.jetcd.api.KeyValue.newBuilder()
                .setKey(ByteString.copyFrom(entry.key(), ISO_8859_1))
                .setValue(ByteString.copyFrom(entry.value()))
                .setLease(entry.lease())
                .setModRevision(entry.revision())
                .build();
    }
}
