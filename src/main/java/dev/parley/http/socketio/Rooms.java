package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who is in which room of this node. Rooms exist as long as somebody is in them. */
public final class Rooms {
  private final Map<String, Set<Socket>> members = new ConcurrentHashMap<>();

  Rooms() {}

  /** Sends an event to all who are in the room, encoded once. From any thread; does not block. */
  public void emit(String room, String event, JsonNode... arguments) {
    Set<Socket> all = members.get(room);
    if (all != null) {
      Encoded packet = PacketEncoder.event(event, List.of(arguments));
      all.forEach(socket -> socket.send(packet));
    }
  }

  /** How many sockets are in the room. */
  public int size(String room) {
    return members.getOrDefault(room, Set.of()).size();
  }

  void add(String room, Socket socket) {
    members.compute(
        room,
        (name, present) -> {
          Set<Socket> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(socket);
          return all;
        });
  }

  void remove(String room, Socket socket) {
    members.computeIfPresent(
        room,
        (name, present) -> {
          present.remove(socket);
          return present.isEmpty() ? null : present;
        });
  }
}
