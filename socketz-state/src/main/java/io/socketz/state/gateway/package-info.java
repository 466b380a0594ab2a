/**
 * The way to etcd over HTTP, through etcd's JSON gateway, for places that gRPC cannot pass. Paths and fields are those of
 * etcd's API reference, {@code rpc.proto}, in JSON as grpc-gateway maps it: bytes are base64, 64-bit integers are strings,
 * and what is zero or empty is left out. The HTTP client is Apache HttpCore.
 *
 * <pre>{@code
 *   request -> HttpExchange -> RequestBody -> SentRequest -> etcd
 *   answer  <- GatewayCall  <- AnswerReader <- BoundedBody <--+
 *   changes <- GatewayWatch <- AnswerReader <- WatchBody <----+
 * }</pre>
 */
package io.socketz.state.gateway;
