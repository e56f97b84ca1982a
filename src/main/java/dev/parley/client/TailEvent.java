package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** What a server says to one who follows a stream (trigger.md section 4.4). */
sealed interface TailEvent {
  /** Records, commands among them, in the order of their numbers. */
  record Batch(List<ChannelRecord> records) implements TailEvent {}

  /**
   * A sign of life; the first one says that all there was has been read.
   *
   * @param tail the number of the record that comes next
   */
  record Ping(long tail) implements TailEvent {}

  /** The reader should come again. */
  record ComeAgain(String reason) implements TailEvent {}

  /** The event; empty for one whose meaning is not known. */
  static Optional<TailEvent> of(SseDecoder.Event event) {
    return switch (event.name()) {
      case "batch" -> Optional.of(read(event, TailEvent::batch));
      case "ping" -> Optional.of(read(event, TailEvent::ping));
      case "error" -> Optional.of(new ComeAgain(event.data()));
      // Nothing was written for a long time.
      case "message" -> Optional.of(new ComeAgain("the answer has ended"));
      default -> Optional.empty();
    };
  }

  /** Passing by what can't be read would lose records. */
  private static TailEvent read(SseDecoder.Event event, Function<JsonNode, TailEvent> reading) {
    return Json.parse(event.data())
        .map(reading)
        .orElseGet(() -> new ComeAgain("an event of the name " + event.name() + " is no JSON"));
  }

  private static TailEvent ping(JsonNode json) {
    return new Ping(json.at("/tail/seq_num").asLong());
  }

  private static TailEvent batch(JsonNode json) {
    return new Batch(
        StreamSupport.stream(json.path("records").spliterator(), false)
            .map(ChannelRecord::of)
            .toList());
  }
}
