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
import org.junit.jupiter.params.provider.ValueSource;

/** What the texts of a chat completions endpoint mean. */
class OpenAiFormatTest {
  private static AnswerReader events() {
    return new OpenAiFormat().reader(200, "text/event-stream", true);
  }

  private static AnswerReader whole() {
    return new OpenAiFormat().reader(200, "application/json", true);
  }

  @Test
  void events_as_openai_sends_them() {
    String body =
        """
        data: {"id":"c","choices":[],"prompt_filter_results":[]}

        data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

        : keep-alive

        data: {"id":"c","choices":[{"index":1,"delta":{"content":"other"}},{"index":0,"delta":{"content":"Hel"}}]}

        data: {"id":"c","choices":[{"index":0,"delta":{"content":"lo"}}]}

        data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c","choices":[],"usage":{"total_tokens":9}}

        data: [DONE]

        """;
    assertThat(Cut.outputs(events(), body))
        .containsExactly(delta("Hel"), delta("lo"), completed("Hello"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "length", "tool_calls"})
  void a_finish_reason_is_an_end_when_done_is_missing(String reason) {
    assertThat(
            Cut.outputs(
                events(),
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"%s\"}]}\n\n"
                    .formatted(reason)))
        .containsExactly(delta("Hi"), completed("Hi"));
  }

  @Test
  void without_either_the_answer_was_cut_off() {
    assertThat(Cut.outputs(events(), "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"))
        .containsExactly(
            delta("Hi"), failed("The model's answer ended before it was complete.", true));
  }

  @Test
  void what_a_filter_withheld_is_no_answer() {
    AgentOutput withheld =
        failed("The model's provider withheld the answer (content_filter).", false);
    assertThat(
            Cut.outputs(
                events(), "data: {\"choices\":[{\"finish_reason\":\"content_filter\"}]}\n\n"))
        .containsExactly(withheld);
    assertThat(
            Cut.outputs(
                whole(),
                "{\"choices\":[{\"message\":{\"content\":null},"
                    + "\"finish_reason\":\"content_filter\"}]}"))
        .containsExactly(withheld);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}} | (server_error) |"
            + " true",
        "{\"error\":{\"code\":\"rate_limit_exceeded\"}} | (rate_limit_exceeded) | true",
        "{\"error\":{\"code\":503}} | (503) | true",
        "{\"error\":{\"code\":400,\"type\":\"invalid\"}} | (400) | false",
        "{\"error\":{\"code\":\"model_not_found\"}} | (model_not_found) | false",
      })
  void errors_are_named_and_say_whether_they_may_pass(String body, String name, boolean retryable) {
    AgentOutput expected =
        failed("The model's endpoint reported an error " + name + ".", retryable);
    assertThat(Cut.outputs(whole(), body)).containsExactly(expected);
    assertThat(Cut.outputs(events(), "data: " + body + "\n\n")).containsExactly(expected);
  }

  @Test
  void a_text_as_an_error_has_no_name() {
    assertThat(Cut.outputs(whole(), "{\"error\":\"some <b>text</b>\"}"))
        .containsExactly(failed("The model's endpoint reported an error.", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "[]", "{\"choices\":[]}", "{\"choices\":[{\"message\":1}]}"})
  void what_is_no_completion_is_refused(String body) {
    assertThat(Cut.outputs(whole(), body))
        .containsExactly(failed("The model's answer is not one of a chat completion.", false));
  }

  @Test
  void events_that_are_no_json_are_refused() {
    assertThat(Cut.outputs(events(), "data: {\"choices\n\n"))
        .containsExactly(failed("The model's answer is not one of a chat completion.", false));
  }

  @Property(tries = 300)
  void any_cut_gives_the_same_outputs(
      @ForAll List<String> tokens,
      @ForAll boolean done,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int length) {
    StringBuilder body = new StringBuilder();
    List<String> contents = new ArrayList<>(tokens);
    contents.forEach(
        token -> {
          var chunk = AgentJson.newObject();
          chunk.putArray("choices").addObject().putObject("delta").put("content", token);
          body.append("data: ").append(chunk).append("\r\n\r\n");
        });
    body.append(done ? "data: [DONE]\n\n" : "");
    List<AgentOutput> whole = Cut.outputs(events(), body.toString());
    assertThat(Cut.outputs(events(), Cut.pieces(Cut.utf8(body.toString()), seed, length)))
        .isEqualTo(whole);
    assertThat(whole.get(whole.size() - 1) instanceof AgentOutput.Completed).isEqualTo(done);
  }
}
