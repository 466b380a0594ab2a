/** Cuts a stream of bytes into lines. */
package io.socketz.protocol.line;
