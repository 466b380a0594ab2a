/** The topology as real processes, for tests and for {@code ./socketz up}; its tests drive the launcher too. */
package io.socketz.it;
