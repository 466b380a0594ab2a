package io.socketz.it;

import io.socketz.state.etcd.EtcdOptions;
import io.socketz.state.etcd.EtcdTransport;
import io.socketz.state.gateway.GatewayTransport;
import io.socketz.state.jetcd.JetcdTransport;

/** The ways to etcd. */
enum Way {
    JETCD {
        @Override
        EtcdTransport open(EtcdOptions options, EtcdTransport.Owner owner) {
            return new JetcdTransport(options, owner);
        }
    },
    GATEWAY {
        @Override
        EtcdTransport open(EtcdOptions options, EtcdTransport.Owner owner) {
            return new GatewayTransport(options, owner);
        }
    };

    abstract EtcdTransport open(EtcdOptions options, EtcdTransport.Owner owner);
}
