/** What the distribution has beside jars and scripts, made from the command line: the manual page and the completion. */
package io.socketz.it.dist;
