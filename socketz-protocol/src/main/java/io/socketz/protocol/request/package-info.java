/** Requests out of lines: the command table, the parser, and the decoder that goes all the way from bytes. */
package io.socketz.protocol.request;
