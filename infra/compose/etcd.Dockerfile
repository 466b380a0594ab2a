# etcd with a shell, for `docker exec etcd01 /bin/sh`: etcd's own images have had none since 3.4.22 and 3.5.7.
ARG ETCD_BINARIES=quay.io/coreos/etcd:v3.5.21
ARG ETCD_BASE=debian:bookworm-slim

FROM ${ETCD_BINARIES} AS binaries

FROM ${ETCD_BASE}
COPY --from=binaries /usr/local/bin/etcd /usr/local/bin/etcdctl /usr/local/bin/
# A new volume gets its owner from this folder.
RUN mkdir -m 700 /etcd-data && chown 10001:10001 /etcd-data
USER 10001:10001
CMD ["/usr/local/bin/etcd"]
