/**
 * The messaging face over Socket.IO (eliza.md section 9): who may connect, the rooms of sessions,
 * and what happens in a session as events to all who are in its room. Each room with somebody in it
 * has one {@code Feed} on this node, which follows the session from the moment the first comes in.
 */
@NullMarked
package dev.parley.http.messaging.sockets;

import org.jspecify.annotations.NullMarked;
