package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import java.util.List;

/**
 * What we say in Socket.IO. JSON never holds the separator of polling packets as such: control
 * characters are escaped in it.
 */
final class PacketEncoder {
  private PacketEncoder() {}

  static Encoded connected(String socketId) {
    return Encoded.message("0" + Json.text(Json.object().put("sid", socketId)));
  }

  static Encoded disconnect() {
    return Encoded.message("1");
  }

  static Encoded event(String name, List<JsonNode> arguments) {
    ArrayNode data = JsonNodeFactory.instance.arrayNode().add(name).addAll(arguments);
    return Encoded.message("2" + Json.text(data));
  }

  static Encoded ack(long id, List<JsonNode> arguments) {
    return Encoded.message(
        "3" + id + Json.text(JsonNodeFactory.instance.arrayNode().addAll(arguments)));
  }

  /**
   * @param namespace as the client wrote it
   */
  static Encoded connectError(String namespace, Admission.Refused refused) {
    ObjectNode error = Json.object().put("message", refused.message());
    if (refused.data() != null) {
      error.set("data", refused.data());
    }
    String prefix = namespace.equals(SocketIoPacket.MAIN) ? "4" : "4" + namespace + ",";
    return Encoded.message(prefix + Json.text(error));
  }
}
