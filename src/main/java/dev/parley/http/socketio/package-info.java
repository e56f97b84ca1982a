/**
 * Socket.IO 4 over Engine.IO 4, with long-polling and WebSocket, as a transport and nothing more:
 * it carries named events to and from sockets and rooms, and knows neither sessions nor messages.
 * Who may connect and what an event means is said by {@link
 * dev.parley.http.socketio.SocketHandlers}.
 *
 * <p>Each connection is one actor, {@code EngineConnection}, which owns the transport, the
 * heartbeat and the upgrade; {@code SocketSession} inside of it speaks Socket.IO.
 */
@NullMarked
package dev.parley.http.socketio;

import org.jspecify.annotations.NullMarked;
