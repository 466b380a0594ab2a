package io.socketz.state.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.Status;
import io.socketz.state.Client;
import io.socketz.state.etcd.RegistryCluster.Server;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Call;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Rpc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What etcd, gRPC and jetcd are known to do wrong with commits, users and messages, each done to three registries while clients come and go: soon after,
 * all rosters are right.
 */
final class JetcdRequestsTest extends FaultyGrpcEtcdTest {
    // ---------------------------------------------------------------- commits

    private static boolean puts(Call call, String key) {
        return ((TxnRequest) call.request())
                .getSuccessList().stream()
                        .filter(RequestOp::hasRequestPut)
                        .anyMatch(
                                op -> Protobuf.text(op.getRequestPut().getKey()).startsWith(key));
    }

    @Test
    void aPutThatArrivesAfterItsClientHasLeftDoesNothing() {
        start();
        Server server = cluster.server(0);
        Held late = hold(Rpc.TXN, call -> puts(call, server.clientKeys()), 1);
        Client client = server.join();
        Call held = late.await(1).get(0);
        server.leave(client);
        cluster.await("the commit is given up", () -> etcd.ask(held::isCancelled));
        cluster.churn();
        cluster.awaitRight();

        late.release();
        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.wasDeleted(server.key(client))).as("was there").isFalse();
    }

    @Test
    void commitsDoneButNeverAnsweredAreRetried() {
        start();
        List<Call> lost = new ArrayList<>();
        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.TXN && lost.size() < 3) {
                Protobuf.txn(etcd, (TxnRequest) call.request());
                return lost.add(call);
            }
            return false;
        });

        cluster.churn();
        cluster.await(
                "the answers are given up",
                () -> etcd.ask(() -> lost.size() == 3 && lost.stream().allMatch(Call::isCancelled)));

        cluster.awaitRight();
    }

    // ---------------------------------------------------------------- users

    @Test
    void anOldTokenIsReplacedOnCallsAndOnStreams() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::expireTokens);
        Status old = Status.UNAUTHENTICATED.withDescription(Users.OLD_TOKEN);
        assertThat(grpc.harmWatches(watch -> watch.fail(old))).isEqualTo(3);
        grpc.harmKeepAlives(stream -> stream.onError(old.asRuntimeException()));
        cluster.churn();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void anOldTokenIsReplacedIfOnlyCallsAreRefused() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::expireTokens);
        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.ask(() -> grpc.users().refused())).isPositive();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void aServerWithAUserWorksWithAuthenticationOffAndSwitchedOnLater() {
        etcd.grantAtLeast(10); // however slow this machine is
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::turnOn);
        Status nobody = Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty");
        grpc.harmWatches(watch -> watch.fail(nobody));
        grpc.harmKeepAlives(stream -> stream.onError(nobody.asRuntimeException()));
        cluster.churn();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    /** A new connection costs etcd a check of the password, and the server a read of everything. */
    @Test
    void aUserWithoutWritePermissionKeepsConnectionAndWatch() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));
        Set<Rpc> others = EnumSet.noneOf(Rpc.class); // owned by etcd's thread

        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.TXN) {
                call.fail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
                return true;
            }
            others.add(rpc);
            return false;
        });
        cluster.churn();
        cluster.await("commits are refused", () -> grpc.hits() >= 12);
        Set<Rpc> meanwhile = etcd.ask(() -> EnumSet.copyOf(others));
        grpc.behave();

        cluster.awaitRight();
        assertThat(meanwhile).doesNotContain(Rpc.WATCH);
    }

    // ---------------------------------------------------------------- what is not to be understood

    @Test
    void fieldsOfALaterEtcdAreSkipped() {
        etcd.run(() -> grpc.spoiler().spoil(message -> {
            byte[] longer = Arrays.copyOf(message, message.length + 3);
            longer[message.length] = (byte) 0xb8; // field 999, a varint
            longer[message.length + 1] = 0x3e;
            longer[message.length + 2] = 1;
            return longer;
        }));
        start();

        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.ask(() -> grpc.spoiler().spoiled())).isPositive();
    }

    @Test
    void malformedAnswersAreFailures() {
        start();

        etcd.run(() -> grpc.spoiler().spoil(message -> new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3}));
        cluster.churn();
        cluster.await("many were spoiled", () -> etcd.ask(() -> grpc.spoiler().spoiled()) >= 12);
        etcd.run(() -> grpc.spoiler().spoil(message -> message));

        cluster.awaitRight();
    }
}
