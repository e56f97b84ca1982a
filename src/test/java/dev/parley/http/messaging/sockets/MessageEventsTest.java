package dev.parley.http.messaging.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.session.Bytes;
import dev.parley.session.Envelope;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** eliza.md section 9.3: what the room hears of a record of {@code .in}. */
class MessageEventsTest {
  private static final String MESSAGE =
      "{\"type\":\"message\",\"id\":\"m\",\"role\":\"user\",\"content\":\"hi\",\"authorId\":\"u\","
          + "\"createdAt\":\"1970-01-01T00:00:01.005Z\",\"metadata\":%s}";

  private final MessageEvents events =
      new MessageEvents(new Parties("session", "channel", "agent", "user"), id -> Optional.empty());

  private static SequencedRecord record(Bytes body) {
    return new SequencedRecord(0, 77, RecordContent.of(body));
  }

  private JsonNode broadcast(String data) {
    RoomEvent event = events.ofUser(record(Envelope.ofJson(data, "id"))).orElseThrow();
    assertThat(event.name()).isEqualTo("messageBroadcast");
    return Answer.parse(event.payload().toString());
  }

  @Test
  void a_message_is_broadcast_with_all_fields() {
    assertThat(broadcast(MESSAGE.formatted("{}")))
        .isEqualTo(
            Answer.parse(
                "{\"id\":\"m\",\"senderId\":\"u\",\"senderName\":\"User\",\"text\":\"hi\","
                    + "\"channelId\":\"channel\",\"roomId\":\"channel\","
                    + "\"messageServerId\":\"00000000-0000-0000-0000-000000000000\","
                    + "\"serverId\":\"00000000-0000-0000-0000-000000000000\","
                    + "\"createdAt\":77,\"source\":\"user\"}"));
  }

  @Test
  void its_metadata_say_who_sent_it_and_under_which_id() {
    JsonNode payload =
        broadcast(
            MESSAGE.formatted(
                "{\"user_display_name\":\"Ann\",\"source\":\"widget\",\"clientMessageId\":\"c\"}"));
    assertThat(payload.get("senderName").textValue()).isEqualTo("Ann");
    assertThat(payload.get("source").textValue()).isEqualTo("widget");
    assertThat(payload.get("clientMessageId").textValue()).isEqualTo("c");
  }

  @Test
  void attachments_go_along() {
    JsonNode payload =
        broadcast(
            "{\"type\":\"message\",\"id\":\"m\",\"content\":\"\",\"attachments\":[{\"url\":\"x\"}]}");
    assertThat(payload.get("attachments")).isEqualTo(Answer.parse("[{\"url\":\"x\"}]"));
  }

  @Test
  void data_may_be_the_object_as_text() {
    Bytes body =
        Envelope.ofText(MESSAGE.formatted("{}").getBytes(StandardCharsets.UTF_8), "another id");
    assertThat(events.ofUser(record(body)).orElseThrow().payload().get("id").textValue())
        .isEqualTo("m");
  }

  @Test
  void what_is_no_message_brings_no_event() {
    for (String body :
        List.of(
            "",
            "text",
            "{}",
            "[1]",
            "{\"data\":\"text\"}",
            "{\"data\":\"{\\\"type\\\":\\\"message\\\"\"}",
            "{\"data\":{\"type\":\"message\",\"content\":7}}",
            "{\"data\":{\"kind\":\"message\"}}",
            "[".repeat(5_000))) {
      assertThat(events.ofUser(record(Bytes.utf8(body)))).as(body).isEmpty();
    }
    SequencedRecord control =
        new SequencedRecord(
            0,
            0,
            new RecordContent(
                List.of(new Header(Bytes.utf8("trigger-control"), Bytes.utf8("turn-complete"))),
                Envelope.ofJson(MESSAGE.formatted("{}"), "id")));
    assertThat(events.ofUser(control)).isEmpty();
  }
}
