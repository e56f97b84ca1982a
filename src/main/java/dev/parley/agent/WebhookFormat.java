package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook answers: a JSON object {@code {"text","thought"?,"actions"?,"attachments"?}}; a
 * stream of {@code {"delta":"…"}}, which such an object may end and the end of the body ends
 * otherwise; or 204 for nothing to say. {@code {"error":…}} in place of any of them, and an event
 * of the kind {@code error}, say that there is no answer.
 */
final class WebhookFormat implements AnswerFormat {
  private static final String DONE = "[DONE]";

  @Override
  public AnswerReader reader(int status, String mediaType, boolean endIsSure) {
    if (status == 204) {
      return new BodyReader((object, answer) -> answer.complete());
    }
    return switch (MediaTypes.of(mediaType)) {
      case JSON -> new BodyReader(WebhookFormat::whole);
      case EVENTS -> stream(new SseFraming(), endIsSure);
      case LINES -> stream(new NdjsonFraming(), endIsSure);
      case OTHER -> MediaTypes.refusing("JSON, server-sent events or lines of JSON");
    };
  }

  @Override
  public Optional<String> errorName(JsonNode document) {
    return Optional.empty();
  }

  private static AnswerReader stream(Framing framing, boolean endIsSure) {
    return new FrameReader(
        framing,
        WebhookFormat::frame,
        answer -> {
          if (endIsSure) {
            answer.complete();
          } else {
            answer.fail("The agent's answer ended without saying that it is complete.", true);
          }
        });
  }

  private static void frame(Framing.Frame frame, AnswerInProgress answer) {
    if (frame.event().equals("error")) {
      reportedError(answer);
      return;
    }
    if (frame.data().strip().equals(DONE)) {
      answer.complete();
      return;
    }
    Optional<ObjectNode> object = AgentJson.object(frame.data());
    JsonNode delta = object.map(json -> json.get("delta")).orElse(null);
    boolean isDelta = delta != null && delta.isTextual() && !object.get().hasNonNull("text");
    if (isDelta && !object.get().hasNonNull("error")) {
      answer.delta(delta.textValue());
    } else {
      whole(object, answer);
    }
  }

  private static void whole(Optional<ObjectNode> object, AnswerInProgress answer) {
    if (object.isPresent() && object.get().hasNonNull("error")) {
      reportedError(answer);
      return;
    }
    try {
      answer.end(
          completed(object.orElseThrow(() -> new IllegalArgumentException("is no JSON object"))));
    } catch (IllegalArgumentException e) {
      answer.fail("The agent's answer can't be used: it " + e.getMessage() + ".", false);
    }
  }

  private static void reportedError(AnswerInProgress answer) {
    answer.fail("The agent reported an error.", false);
  }

  private static AgentOutput.Completed completed(ObjectNode json) {
    String text = text(json, "text");
    if (text == null) {
      throw new IllegalArgumentException("has neither text nor delta");
    }
    List<String> actions = new ArrayList<>();
    for (JsonNode action : array(json, "actions")) {
      if (!action.isTextual()) {
        throw new IllegalArgumentException("has actions that are no texts");
      }
      actions.add(AnswerText.clean(action.textValue()));
    }
    List<Attachment> attachments = new ArrayList<>();
    for (JsonNode attachment : array(json, "attachments")) {
      attachments.add(attachment(attachment));
    }
    return new AgentOutput.Completed(text, text(json, "thought"), actions, attachments);
  }

  private static Attachment attachment(JsonNode json) {
    try {
      return Attachment.of(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has an attachment that is none: " + e.getMessage(), e);
    }
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("has a " + name + " that is no text");
    }
    return AnswerText.clean(value.textValue());
  }

  private static Iterable<JsonNode> array(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
      throw new IllegalArgumentException("has " + name + " that are no array");
    }
    return value;
  }
}
