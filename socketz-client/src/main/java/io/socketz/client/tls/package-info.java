/** TLS for the client library and for the commands: on connections that do not block. Needs tls-channel. */
package io.socketz.client.tls;
