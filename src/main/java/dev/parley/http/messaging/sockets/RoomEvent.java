package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.socketio.Socket;

/** What is emitted (eliza.md sections 9.3 and 9.4). */
record RoomEvent(String name, ObjectNode payload) {
  void sendTo(Socket socket) {
    socket.emit(name, payload);
  }
}
