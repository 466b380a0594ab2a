/** Lengths of time as people write them. */
package io.socketz.protocol.time;
