/** Replies as JSON, for programs: what {@code connect --json} prints and a server's admin listener answers. */
package io.socketz.protocol.json;
