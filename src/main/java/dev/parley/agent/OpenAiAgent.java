package dev.parley.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.HttpCredentials;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Lets a language model answer, behind any endpoint that speaks OpenAI's chat completions. */
final class OpenAiAgent implements Agent {
  private final AgentKind.OpenAi kind;
  private final @Nullable Secret key;
  private final HttpExchange exchange;

  OpenAiAgent(AgentKind.OpenAi kind, @Nullable Secret key, HttpExchange exchange) {
    this.kind = kind;
    this.key = key;
    this.exchange = exchange;
  }

  @Override
  public Source<AgentOutput, NotUsed> answer(Turn turn) {
    byte[] body = AgentJson.bytes(body(turn));
    return exchange.send(() -> request(body), new OpenAiFormat());
  }

  private HttpRequest request(byte[] body) {
    HttpRequest request =
        HttpExchange.post(kind.base().target("/chat/completions"), body)
            .addHeader(RawHeader.create("Accept", "text/event-stream, application/json"));
    return key == null
        ? request
        : request.addCredentials(HttpCredentials.createOAuth2BearerToken(key.reveal()));
  }

  private ObjectNode body(Turn turn) {
    ObjectNode body = AgentJson.newObject().put("model", kind.model()).put("stream", true);
    ArrayNode messages = body.putArray("messages");
    if (!kind.systemPrompt().isEmpty()) {
      say(messages, "system", kind.systemPrompt());
    }
    for (Turn.Entry entry : turn.lastEntries(kind.history())) {
      say(messages, entry.role() == Turn.Role.USER ? "user" : "assistant", entry.content());
    }
    say(messages, "user", turn.message().content());
    return body;
  }

  private static void say(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }
}
