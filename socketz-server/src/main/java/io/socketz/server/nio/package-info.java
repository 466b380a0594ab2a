/**
 * What faces the kernel: event loops, channels with buffers, the listening port, file descriptors.
 *
 * <pre>{@code
 *   Acceptor --channel--> AcceptListener          Deadlines
 *      |                                             |
 *      +--> Attachment <---- serves ---- EventLoop --+--- tasks of other threads
 *      |        ^                          |
 *      |        |                          | lends its buffers
 *      |     BufferedChannel <-------------+
 *      |        | what the kernel does not take
 *      |        v
 *      |     Backlog --> BacklogListener
 *      v
 *   SpareDescriptors
 * }</pre>
 *
 * <p>Knows nothing of clients, commands or etcd. Public for the server's other packages, and not for users.
 */
package io.socketz.server.nio;
