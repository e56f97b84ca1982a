package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.HttpCredentials;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The models that an endpoint has, by OpenAI's {@code GET /models}. */
final class ModelList {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Those who resell models have thousands. */
  private static final long MAX_BYTES = 8 * 1024 * 1024;

  private final ActorSystem<?> system;
  private final HttpConnection connection;
  private final HttpRequest request;

  /**
   * @param connection to the base
   */
  ModelList(
      ActorSystem<?> system, HttpConnection connection, HttpEndpoint base, Optional<Secret> key) {
    this.system = system;
    this.connection = connection;
    HttpRequest plain =
        HttpRequest.GET(base.target("/models"))
            .addHeader(RawHeader.create("Accept", "application/json"))
            .addHeader(RawHeader.create("Accept-Encoding", "identity"));
    this.request =
        key.map(
                secret ->
                    plain.addCredentials(HttpCredentials.createOAuth2BearerToken(secret.reveal())))
            .orElse(plain);
  }

  /** Never fails. */
  CompletionStage<ModelState> look(String model) {
    return connection
        .ask(request)
        .flatMapConcat(response -> body(response).map(body -> judge(response, body, model)))
        .completionTimeout(LIMIT)
        .runWith(Sink.head(), system)
        .exceptionally(failure -> ModelState.AWAY);
  }

  private static Source<ByteString, ?> body(HttpResponse response) {
    return response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .limitWeighted(MAX_BYTES, chunk -> (long) chunk.size())
        .fold(ByteString.emptyByteString(), ByteString::concat);
  }

  private static ModelState judge(HttpResponse response, ByteString body, String model) {
    int status = response.status().intValue();
    if (status == 401 || status == 403) {
      return ModelState.KEY_REFUSED;
    }
    if (status == 429 || status >= 500) {
      return ModelState.AWAY;
    }
    return AgentJson.object(body.decodeString(StandardCharsets.UTF_8))
        .map(document -> document.path("data"))
        .filter(data -> status == 200 && data.isArray())
        .map(data -> names(data, model) ? ModelState.THERE : ModelState.GONE)
        .orElse(ModelState.NOT_LISTED);
  }

  private static boolean names(JsonNode models, String model) {
    return StreamSupport.stream(models.spliterator(), false)
        .anyMatch(one -> model.equals(one.path("id").textValue()));
  }
}
