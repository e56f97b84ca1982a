package dev.parley.ops;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Json;
import dev.parley.projection.ProjectionStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /health} for everybody (web-runtime.md section 3): 200 when requests can be served,
 * else 503 with the parts that fail, as {@link Health.Report} names them. Lists and figures may be
 * late or away.
 *
 * <p>For those who run nodes: {@code GET /health/live} is 200 as long as the process can answer,
 * {@code GET /health/ready} as long as it should be sent requests, 503 when it is about to leave.
 */
public final class HealthRoutes {
  private final Exchanges exchanges;
  private final Supplier<CompletionStage<Health.Report>> health;
  private final boolean production;
  private final Duration cookieTimeToLive;
  private final BooleanSupplier ready;
  private final Clock clock;
  private final long startedNanos = System.nanoTime();

  /**
   * @param production whether to keep to oneself all but the status
   * @param cookieTimeToLive of browser sessions, which is that of what is stored, too
   * @param ready whether requests should be sent here
   */
  public HealthRoutes(
      Exchanges exchanges,
      Supplier<CompletionStage<Health.Report>> health,
      boolean production,
      Duration cookieTimeToLive,
      BooleanSupplier ready,
      Clock clock) {
    this.exchanges = exchanges;
    this.health = health;
    this.production = production;
    this.cookieTimeToLive = cookieTimeToLive;
    this.ready = ready;
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        look(segment("health"), (request, body) -> health.get().thenApply(this::answer)),
        look(segment("health").slash("live"), (request, body) -> completedStage(status(true))),
        look(
            segment("health").slash("ready"),
            (request, body) -> completedStage(status(ready.getAsBoolean()))));
  }

  private Route look(PathMatcher0 path, Exchanges.Handler handler) {
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return Directives.path(path, () -> exchanges.route(new ControlPlaneErrors(), byMethod));
  }

  private static HttpResponse status(boolean ok) {
    return Answers.json(ok ? 200 : 503, Json.object().put("status", ok ? "ok" : "degraded"));
  }

  private HttpResponse answer(Health.Report report) {
    List<String> failing = report.failing();
    ObjectNode body =
        Json.object()
            .put("status", failing.isEmpty() ? "ok" : "degraded")
            .put("timestamp", Json.date(clock.instant()));
    if (!failing.isEmpty()) {
      failing.forEach(body.putArray("failing")::add);
    }
    if (!production) {
      body.put("env", "development")
          .put("uptime", Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds());
      body.putObject("session")
          .put("store", "journal")
          .put("cookieTtlMs", cookieTimeToLive.toMillis())
          .put("storeTtlMs", cookieTimeToLive.toMillis());
      addDetails(body, report);
    }
    return Answers.json(failing.isEmpty() ? 200 : 503, body);
  }

  private static void addDetails(ObjectNode body, Health.Report report) {
    if (report.projections() != null) {
      ObjectNode projections = body.putObject("projections");
      for (ProjectionStatus status : report.projections()) {
        projections
            .putObject(status.name())
            .put("lagSeconds", status.lag().toMillis() / 1000.0)
            .put("paused", status.paused())
            .put("parked", status.parked());
      }
    }
    if (report.clickHouse() != null) {
      body.put("clickhouse", report.clickHouse() ? "ok" : "away");
    }
  }
}
