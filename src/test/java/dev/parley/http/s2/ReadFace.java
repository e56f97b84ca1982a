package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Batch;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** The ways to read a stream to its end (s2.md sections 5.2 to 5.4). */
enum ReadFace {
  JSON {
    @Override
    List<Sequenced> read(S2Stream stream, String query) {
      return records(ok(stream.read(query)).json().get("records"), ByteString::copyFromUtf8);
    }
  },
  BASE64 {
    @Override
    List<Sequenced> read(S2Stream stream, String query) {
      return records(
          ok(stream.read(query).header("s2-format", "base64")).json().get("records"),
          text -> ByteString.copyFrom(Base64.getDecoder().decode(text)));
    }
  },
  PROTOBUF {
    @Override
    List<Sequenced> read(S2Stream stream, String query) {
      Wire request = stream.read(query).header("Accept", "application/protobuf");
      return Batch.decode(S2Stream.bytes(request)).records();
    }
  },
  EVENTS {
    @Override
    List<Sequenced> read(S2Stream stream, String query) {
      String text = ok(events(stream, query)).body();
      if (!text.endsWith("data: [DONE]\n\n")) {
        throw new AssertionError("not ended by [DONE]: " + text);
      }
      List<Sequenced> records = new ArrayList<>();
      for (String line : text.split("\n")) {
        if (line.startsWith("data: {\"records\"")) {
          JsonNode batch = Answer.parse(line.substring(6));
          records.addAll(records(batch.get("records"), ByteString::copyFromUtf8));
        }
      }
      return records;
    }
  },
  SESSION {
    @Override
    List<Sequenced> read(S2Stream stream, String query) {
      try (H2Connection connection = new H2Connection()) {
        S2Session session = S2Session.read(connection, stream, query);
        List<Sequenced> records = new ArrayList<>();
        for (S2Frame frame = session.next(); frame != null; frame = session.next()) {
          if (frame.isTerminal()) {
            throw new AssertionError("terminal " + frame.status() + " " + frame.error());
          }
          records.addAll(Batch.decode(frame.message()).records());
        }
        return records;
      }
    }
  };

  /** All records of an answer of 200. */
  abstract List<Sequenced> read(S2Stream stream, String query);

  /** An answer that is not 200, as a status and JSON. */
  Answer refusal(S2Stream stream, String query) {
    return switch (this) {
      case JSON -> stream.read(query).send();
      case BASE64 -> stream.read(query).header("s2-format", "base64").send();
      case PROTOBUF -> stream.read(query).header("Accept", "application/protobuf").send();
      case EVENTS -> events(stream, query).send();
      case SESSION -> sessionRefusal(stream, query);
    };
  }

  /** Whether a read without bounds follows the stream. */
  boolean isStreaming() {
    return this == EVENTS || this == SESSION;
  }

  static Wire events(S2Stream stream, String query) {
    return stream.read(query).header("Accept", "text/event-stream");
  }

  private static Answer sessionRefusal(S2Stream stream, String query) {
    try (H2Connection connection = new H2Connection()) {
      H2Stream answer = S2Session.read(connection, stream, query).stream();
      return new Answer(
          answer.status(),
          okhttp3.Headers.of("Content-Type", answer.header("content-type")),
          new String(answer.onlyData(), StandardCharsets.UTF_8));
    }
  }

  private static Answer ok(Wire request) {
    Answer answer = request.send();
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return answer;
  }

  private static List<Sequenced> records(JsonNode records, Function<String, ByteString> bytes) {
    List<Sequenced> decoded = new ArrayList<>();
    for (JsonNode record : records) {
      List<Head> headers = new ArrayList<>();
      for (JsonNode header : record.path("headers")) {
        headers.add(
            new Head(bytes.apply(header.get(0).asText()), bytes.apply(header.get(1).asText())));
      }
      decoded.add(
          new Sequenced(
              record.get("seq_num").asLong(),
              record.get("timestamp").asLong(),
              headers,
              bytes.apply(record.path("body").asText())));
    }
    return decoded;
  }
}
