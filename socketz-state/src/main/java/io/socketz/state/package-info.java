/** The roster of connected clients, and the registry that keeps it. */
package io.socketz.state;
