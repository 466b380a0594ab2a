/**
 * Files that people name in options: what is said about those that cannot be read; certificates and keys. For this
 * project's modules only.
 */
package io.socketz.state.file;
