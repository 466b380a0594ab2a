/**
 * etcd's JSON gateway over {@code java.net.http}, for places where gRPC does not pass. Paths and fields are those of
 * etcd's API reference, {@code rpc.proto}, in JSON as grpc-gateway maps it: bytes are base64, 64-bit integers are
 * strings, and what is zero or empty is left out.
 *
 * <pre>{@code
 *   request -> HttpExchange -> RequestBody -> GatewayHttp -> etcd
 *   answer  <- HttpExchange <- ReplyReader <- BoundedBody <--+
 *   changes <- GatewayWatch        <- ReplyReader <- WatchBody <----+
 * }</pre>
 */
package io.socketz.state.gateway;
