/** The registry of a server that is alone. */
package io.socketz.state.memory;
