/** Lines out of bytes. */
package io.socketz.protocol.line;
