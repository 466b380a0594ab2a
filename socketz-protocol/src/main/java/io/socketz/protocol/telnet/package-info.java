/** Removes telnet commands from a stream of bytes, and refuses the options that they offer or ask for. */
package io.socketz.protocol.telnet;
