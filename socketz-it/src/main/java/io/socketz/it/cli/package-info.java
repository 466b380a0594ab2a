/** The commands of the whole topology: {@code up}, and those that talk to what it started. */
package io.socketz.it.cli;
