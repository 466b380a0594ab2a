/**
 * The PROXY protocol, versions 1 and 2, as a receiver reads it (HAProxy, {@code doc/proxy-protocol.txt}, 2020/03/05;
 * section numbers in this package are that document's).
 */
package io.socketz.protocol.proxy;
