/** Telnet commands out of the stream of bytes. */
package io.socketz.protocol.telnet;
