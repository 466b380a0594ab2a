/** Replies, both ways: a server writes them, a client reads them back. */
package io.socketz.protocol.reply;
