package io.socketz.it;

import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.gateway.GatewayTransport;
import io.socketz.state.jetcd.JetcdTransport;

/** The ways to etcd. */
enum Way {
    JETCD {
        @Override
        EtcdTransport open(EtcdOptions options, EtcdTransport.CallbackExecutor owner) {
            return new JetcdTransport(options, owner);
        }
    },
    GATEWAY {
        @Override
        EtcdTransport open(EtcdOptions options, EtcdTransport.CallbackExecutor owner) {
            return new GatewayTransport(options, owner);
        }
    };

    abstract EtcdTransport open(EtcdOptions options, EtcdTransport.CallbackExecutor owner);
}
