/** Clients that live through the faults of a {@link io.socketz.it.Topology}, and checks of the answers they got. */
package io.socketz.it.load;
