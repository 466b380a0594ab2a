/** Clients that live through the faults of a {@link io.socketz.it.Topology}, and checks of what they were told. */
package io.socketz.it.load;
