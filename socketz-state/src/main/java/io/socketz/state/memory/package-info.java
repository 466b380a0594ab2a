/** The registry of a server without a cluster. */
package io.socketz.state.memory;
