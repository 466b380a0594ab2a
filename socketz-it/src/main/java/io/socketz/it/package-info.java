/** The topology as real processes, so far etcd; its tests drive the launcher too. */
package io.socketz.it;
