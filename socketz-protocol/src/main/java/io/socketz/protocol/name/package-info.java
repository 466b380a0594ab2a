/** What clients and servers are called: ids, names, and how requests refer to them. */
package io.socketz.protocol.name;
