package dev.parley.http.clock;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.TimeTravel;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code POST /test/clock/advance} (across.md section 11). */
public final class ClockRoutes {
  private static final long LONGEST_MILLIS = Duration.ofDays(3_650).toMillis();

  private final Endpoints endpoints;
  private final TimeTravel time;

  public ClockRoutes(Endpoints endpoints, TimeTravel time) {
    this.endpoints = endpoints;
    this.time = time;
  }

  public Route routes() {
    return path(
        segment("test").slash("clock").slash("advance"),
        () -> endpoints.own().action("POST", Access.SECRET_KEY, 1_024, this::advance).route());
  }

  private CompletionStage<HttpResponse> advance(Call call) {
    return call.body()
        .thenCompose(bytes -> time.advance(Duration.ofMillis(millis(bytes))))
        .thenApply(now -> Answers.json(200, Json.object().put("now", Json.date(now))));
  }

  private static long millis(byte[] body) {
    return Json.parse(body)
        .map(document -> document.path("ms"))
        .filter(JsonNode::isIntegralNumber)
        .filter(JsonNode::canConvertToLong)
        .map(JsonNode::longValue)
        .filter(ms -> ms >= 0 && ms <= LONGEST_MILLIS)
        .orElseThrow(
            () ->
                new Refused(
                    Answers.error(
                        400, "ms must be a number of milliseconds, 0.." + LONGEST_MILLIS)));
  }
}
