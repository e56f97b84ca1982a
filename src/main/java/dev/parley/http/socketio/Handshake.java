package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Who wants a socket.
 *
 * @param request the HTTP request that opened the connection
 * @param auth what the client gave as {@code auth}; an empty object if nothing
 */
public record Handshake(Request request, ObjectNode auth) {

  /** The parts of a request that are kept, since an open request can't be. */
  record Field(String name, String value) {}

  /**
   * @param headers in their order
   * @param query likewise, without what belongs to the transport
   */
  record Request(List<Field> headers, List<Field> query) {}

  /** The values of a header; names are compared without case. */
  public List<String> headers(String name) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  /** The first value of a parameter that the client gave as {@code query}. */
  public Optional<String> query(String name) {
    return request.query().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Field::value)
        .findFirst();
  }
}
