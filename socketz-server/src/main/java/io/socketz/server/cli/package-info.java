/** The command line: {@code socketz serve}. */
package io.socketz.server.cli;
