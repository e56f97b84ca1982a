package dev.parley.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads an event stream as it comes. */
public final class SseReader implements AutoCloseable {
  /**
   * @param text the event as it was on the wire, without the empty line behind it
   */
  public record Event(String name, String data, String text) {
    public JsonNode json() {
      return Answer.parse(data);
    }
  }

  private final Response response;
  private final BufferedSource source;

  private SseReader(Response response) {
    this.response = response;
    this.source = response.body().source();
  }

  public static SseReader open(Wire request) {
    return new SseReader(request.open());
  }

  public Response response() {
    return response;
  }

  /** The next event; null at the end. */
  public @Nullable Event next() {
    try {
      StringBuilder text = new StringBuilder();
      String name = "message";
      String data = "";
      while (true) {
        String line = source.readUtf8Line();
        if (line == null) {
          return null;
        }
        if (line.isEmpty()) {
          return new Event(name, data, text.toString());
        }
        text.append(text.isEmpty() ? "" : "\n").append(line);
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next so many records, without what comes between them. */
  public List<JsonNode> records(int count) {
    List<JsonNode> records = new ArrayList<>();
    while (records.size() < count) {
      Event event = next();
      if (event == null) {
        throw new IllegalStateException("the stream ended after " + records.size() + " records");
      }
      if (event.name().equals("batch")) {
        event.json().get("records").forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    response.close();
  }
}
