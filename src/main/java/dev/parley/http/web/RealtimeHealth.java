package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.OwnErrors;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET /chat/realtime/health} (web-runtime.md section 3): 200 when the node can work. */
final class RealtimeHealth {
  private final Exchanges exchanges;
  private final Supplier<CompletionStage<List<String>>> failing;
  private final Clock clock;

  /**
   * @param failing names the parts that don't work; none when all do
   */
  RealtimeHealth(
      Exchanges exchanges, Supplier<CompletionStage<List<String>>> failing, Clock clock) {
    this.exchanges = exchanges;
    this.failing = failing;
    this.clock = clock;
  }

  Route routes() {
    Exchanges.Handler handler = (request, body) -> failing.get().thenApply(this::answer);
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return path(
        segment("chat").slash("realtime").slash("health"),
        () -> exchanges.route(new OwnErrors(), byMethod));
  }

  private HttpResponse answer(List<String> parts) {
    ObjectNode body =
        Json.object()
            .put("status", parts.isEmpty() ? "ok" : "degraded")
            .put("service", "realtime")
            .put("timestamp", Json.date(clock.instant()));
    if (!parts.isEmpty()) {
      parts.forEach(body.putArray("failing")::add);
    }
    return Answers.json(parts.isEmpty() ? 200 : 503, body);
  }
}
