package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a chat completions endpoint answers: events with {@code choices[0].delta.content}, ended by
 * {@code [DONE]} or, when the body simply ends, by a finish reason before it; or one document with
 * {@code choices[0].message.content}. An answer cut off at the model's length counts as one, an
 * answer that a filter withheld does not.
 */
final class OpenAiFormat implements AnswerFormat {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  @Override
  public AnswerReader reader(int status, String mediaType, boolean endIsSure) {
    return switch (MediaTypes.of(mediaType)) {
      case JSON -> new BodyReader(this::whole);
      case EVENTS -> new Events().reader();
      default -> MediaTypes.refusing("JSON or server-sent events");
    };
  }

  @Override
  public Optional<String> errorName(JsonNode document) {
    JsonNode error = document.path("error");
    return name(error.path("code")).or(() -> name(error.path("type")));
  }

  private static Optional<String> name(JsonNode value) {
    return Optional.of(value.asText("")).filter(text -> NAME.matcher(text).matches());
  }

  private void whole(Optional<ObjectNode> body, AnswerInProgress answer) {
    if (body.isPresent() && body.get().hasNonNull("error")) {
      error(body.get(), answer);
      return;
    }
    JsonNode choice = body.map(OpenAiFormat::choice).orElseGet(AgentJson::newObject);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      unusable(answer);
      return;
    }
    answer.delta(message.path("content").asText(""));
    finish(choice, answer);
    answer.complete();
  }

  private static JsonNode choice(JsonNode chunk) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt(0) == 0) {
        return choice;
      }
    }
    return AgentJson.newObject();
  }

  /** Whether the model has finished. */
  private static boolean finish(JsonNode choice, AnswerInProgress answer) {
    String reason = choice.path("finish_reason").asText("");
    if (reason.equals("content_filter")) {
      answer.fail("The model's provider withheld the answer (content_filter).", false);
    }
    return !reason.isEmpty();
  }

  private void error(JsonNode document, AnswerInProgress answer) {
    JsonNode error = document.path("error");
    String about = error.path("code").asText("") + " " + error.path("type").asText("");
    boolean passing =
        about.matches("429 .*|5[0-9][0-9] .*")
            || about.contains("rate_limit")
            || about.contains("server_error")
            || about.contains("overloaded");
    answer.fail("The model's endpoint reported an error" + suffix(document) + ".", passing);
  }

  private String suffix(JsonNode document) {
    return errorName(document).map(name -> " (" + name + ")").orElse("");
  }

  private static void unusable(AnswerInProgress answer) {
    answer.fail("The model's answer is not one of a chat completion.", false);
  }

  /** The events of one answer. */
  private final class Events {
    private boolean finished;

    FrameReader reader() {
      return new FrameReader(new SseFraming(), this::event, this::end);
    }

    private void event(Framing.Frame frame, AnswerInProgress answer) {
      if (frame.data().strip().equals("[DONE]")) {
        answer.complete();
        return;
      }
      Optional<ObjectNode> chunk = AgentJson.object(frame.data());
      if (chunk.isEmpty()) {
        unusable(answer);
      } else if (chunk.get().hasNonNull("error")) {
        error(chunk.get(), answer);
      } else {
        JsonNode choice = choice(chunk.get());
        answer.delta(choice.path("delta").path("content").asText(""));
        finished |= finish(choice, answer);
      }
    }

    private void end(AnswerInProgress answer) {
      if (finished) {
        answer.complete();
      } else {
        answer.fail("The model's answer ended before it was complete.", true);
      }
    }
  }
}
