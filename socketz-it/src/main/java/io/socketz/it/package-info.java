/** The launcher and, later, the topology as real processes. */
package io.socketz.it;
