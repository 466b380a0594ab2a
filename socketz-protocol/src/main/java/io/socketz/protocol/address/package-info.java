/** IP addresses as text: literals, host and port, and blocks of addresses. Nothing here ever asks a name service. */
package io.socketz.protocol.address;
