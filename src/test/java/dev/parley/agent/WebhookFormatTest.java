package dev.parley.agent;

import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.delta;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the texts of a webhook mean. */
class WebhookFormatTest {
  private static final String NDJSON = "application/x-ndjson";

  private static AnswerReader reader(String type) {
    return new WebhookFormat().reader(200, type, true);
  }

  @Test
  void a_document_holds_all_that_an_answer_can_have() {
    String body =
        """
        {"text":"Hi","thought":"hm","actions":["WAVE"],"other":1,
         "attachments":[{"type":"image","url":"https://x.example/1","name":null,"size":7}]}""";
    assertThat(Cut.outputs(reader("application/json"), body))
        .containsExactly(
            new AgentOutput.Completed(
                "Hi",
                "hm",
                List.of("WAVE"),
                List.of(new Attachment("image", "https://x.example/1", null, 7L, null))));
  }

  @Test
  void the_last_object_of_a_stream_may_hold_the_same() {
    String body = "{\"delta\":\"H\"}\n{\"text\":\"Hi\",\"thought\":\"hm\"}\n{\"delta\":\"lost\"}";
    assertThat(Cut.outputs(reader(NDJSON), body))
        .containsExactly(delta("H"), new AgentOutput.Completed("Hi", "hm", List.of(), List.of()));
  }

  @Test
  void a_stream_may_be_ended_as_openai_does() {
    String body = "data: {\"delta\":\"H\"}\n\ndata: [DONE]\n\ndata: {\"delta\":\"lost\"}\n\n";
    assertThat(Cut.outputs(reader("text/event-stream"), body))
        .containsExactly(delta("H"), completed("H"));
  }

  @Test
  void a_character_may_be_cut_in_halves_and_what_can_not_be_stored_is_replaced() {
    String body =
        "{\"delta\":\"a\\ud83d\"}\n{\"delta\":\"\\ude00\\u0000\"}\n{\"delta\":\"\\ud83d\"}";
    assertThat(Cut.outputs(reader(NDJSON), body))
        .containsExactly(
            delta("a"), delta("😀\uFFFD"), delta("\uFFFD"), completed("a😀\uFFFD\uFFFD"));
    assertThat(Cut.outputs(reader("application/json"), "{\"text\":\"\\ud83d\\u0000\"}"))
        .containsExactly(completed("\uFFFD\uFFFD"));
  }

  @Test
  void an_error_is_one_wherever_it_comes() {
    AgentOutput reported = failed("The agent reported an error.", false);
    assertThat(Cut.outputs(reader("application/json"), "{\"error\":\"x\",\"text\":\"y\"}"))
        .containsExactly(reported);
    assertThat(Cut.outputs(reader(NDJSON), "{\"delta\":\"H\"}\n{\"error\":{\"a\":1}}"))
        .containsExactly(delta("H"), reported);
    assertThat(Cut.outputs(reader("text/event-stream"), "event: error\ndata: oh\n\n"))
        .containsExactly(reported);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                 | is no JSON object",
        "[1]                                | is no JSON object",
        "{\"text\":\"a\"} x                 | is no JSON object",
        "{\"content\":\"a\"}                | has neither text nor delta",
        "{\"text\":null}                    | has neither text nor delta",
        "{\"text\":7}                       | has a text that is no text",
        "{\"text\":\"a\",\"thought\":[]}    | has a thought that is no text",
        "{\"text\":\"a\",\"actions\":\"b\"} | has actions that are no array",
        "{\"text\":\"a\",\"actions\":[1]}   | has actions that are no texts",
        "{\"text\":\"a\",\"attachments\":[1]} | has an attachment that is none: its type must be"
            + " image, file, audio, video or document",
        "{\"text\":\"a\",\"attachments\":[{\"type\":\"file\"}]} | has an attachment that is none:"
            + " its url must be text of 1 to 262144 characters",
        "{\"text\":\"a\",\"attachments\":[{\"type\":\"file\",\"url\":\"u\",\"size\":-1}]} | has an"
            + " attachment that is none: its size must not be negative",
        "{\"text\":\"a\",\"attachments\":[{\"type\":\"file\",\"url\":\"u\",\"size\":1e99}]} | has"
            + " an attachment that is none: its size must be a whole number",
      })
  void what_is_no_answer_is_refused_with_the_reason(String body, String reason) {
    assertThat(Cut.outputs(reader("application/json"), body))
        .containsExactly(failed("The agent's answer can't be used: it " + reason + ".", false));
  }

  @Test
  void a_type_that_is_not_known_is_refused() {
    assertThat(Cut.outputs(reader("text/html"), "<p>").get(0))
        .isEqualTo(
            failed(
                "The agent's answer is of a type other than JSON, server-sent events or lines of"
                    + " JSON.",
                false));
  }

  @Test
  void an_answer_is_bounded_as_a_whole() {
    String line = "{\"delta\":\"" + "x".repeat(1_000) + "\"}\n";
    List<AgentOutput> outputs = Cut.outputs(reader(NDJSON), line.repeat(1_100));
    assertThat(outputs.get(outputs.size() - 1))
        .isEqualTo(failed("The agent has sent more than 1000000 bytes of answer.", false));
    assertThat(outputs.stream().filter(output -> !output.isEnd()).count()).isEqualTo(999);
  }

  @Property(tries = 300)
  void any_cut_gives_the_same_outputs(
      @ForAll List<String> deltas,
      @ForAll boolean events,
      @ForAll boolean withEnd,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int length) {
    StringBuilder body = new StringBuilder();
    List<String> lines = new ArrayList<>();
    deltas.forEach(text -> lines.add(AgentJson.newObject().put("delta", text).toString()));
    if (withEnd) {
      lines.add("{\"text\":\"all\"}");
    }
    lines.forEach(line -> body.append(events ? "data: " + line + "\r\n\r\n" : line + "\r\n"));
    String type = events ? "text/event-stream" : NDJSON;
    List<AgentOutput> whole = Cut.outputs(reader(type), body.toString());
    assertThat(Cut.outputs(reader(type), Cut.pieces(Cut.utf8(body.toString()), seed, length)))
        .isEqualTo(whole);
    assertThat(whole.get(whole.size() - 1)).isInstanceOf(AgentOutput.Completed.class);
  }

  @Property(tries = 500)
  void any_bytes_end_once(@ForAll byte[] body, @ForAll @IntRange(min = 0, max = 2) int kind) {
    String type = List.of("application/json", NDJSON, "text/event-stream").get(kind);
    assertThat(
            Cut.outputs(reader(type), Cut.pieces(body, 1, 7)).stream().filter(AgentOutput::isEnd))
        .hasSize(1);
  }
}
