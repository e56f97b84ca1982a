package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.entity.limit.Throttle;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.OwnErrors;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /api/feedback}: what somebody who is logged in wants to tell those who run the server
 * (web-runtime.md section 8). It is kept nowhere.
 */
final class FeedbackRoutes {
  private static final int MAX_BODY = 16_384;
  private static final BodySchema FEEDBACK = BodySchema.load("feedback");

  private static final int OF_USER = 5;
  private static final Duration WINDOW = Duration.ofHours(1);

  private final Exchanges exchanges;
  private final BrowserLogin login;
  private final Throttle throttle;
  private final BiPredicate<String, String> teller;

  /**
   * @param teller is given a user's id and a text; false when nobody is told
   */
  FeedbackRoutes(
      Exchanges exchanges,
      BrowserLogin login,
      Throttle throttle,
      BiPredicate<String, String> teller) {
    this.exchanges = exchanges;
    this.login = login;
    this.throttle = throttle;
    this.teller = teller;
  }

  Route routes() {
    return path(
        segment("api").slash("feedback"),
        () ->
            exchanges.route(
                new OwnErrors(),
                Map.of(
                    "POST", (request, body) -> tell(request, body).thenApply(WebFace::notStored))));
  }

  private CompletionStage<HttpResponse> tell(HttpRequest request, IncomingBody body) {
    return login
        .forChange(request)
        .thenCompose(
            user ->
                user.isEmpty()
                    ? CompletableFuture.completedFuture(WebFace.notLoggedIn())
                    : body.read(MAX_BODY)
                        .thenApply(FEEDBACK::read)
                        .thenCompose(
                            document ->
                                tell(user.get().userId(), document.get("text").textValue())));
  }

  private CompletionStage<HttpResponse> tell(String userId, String text) {
    return throttle
        .attempt("feedback of " + userId, OF_USER, WINDOW)
        .thenApply(
            usage -> {
              if (!usage.isAllowed()) {
                return WebErrors.tooMany("messages", usage);
              }
              return teller.test(userId, text)
                  ? Answers.json(202, Json.object().put("ok", true))
                  : Answers.notFound("Nobody takes feedback here");
            });
  }
}
