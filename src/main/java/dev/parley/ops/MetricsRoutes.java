package dev.parley.ops;

import static org.apache.pekko.http.javadsl.server.Directives.path;

import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /metrics} for whoever has the secret key. */
public final class MetricsRoutes {
  private static final Logger log = LoggerFactory.getLogger(MetricsRoutes.class);
  private static final ContentType.NonBinary PROMETHEUS =
      (ContentType.NonBinary) ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private final Endpoints endpoints;
  private final Metrics metrics;
  private final Supplier<CompletionStage<Long>> activeSessions;

  /**
   * @param activeSessions counts the sessions that live in the cluster
   */
  public MetricsRoutes(
      Endpoints endpoints, Metrics metrics, Supplier<CompletionStage<Long>> activeSessions) {
    this.endpoints = endpoints;
    this.metrics = metrics;
    this.activeSessions = activeSessions;
  }

  public Route routes() {
    return path(
        "metrics",
        () -> endpoints.methods().loader("GET", Access.SECRET_KEY, call -> scrape()).route());
  }

  /** A database that is away must not hide the rest, which may tell why. */
  private CompletionStage<HttpResponse> scrape() {
    return activeSessions
        .get()
        .handle(
            (count, failure) -> {
              if (failure == null) {
                metrics.active(count);
              } else {
                log.warn("The living sessions can't be counted, the last count is shown", failure);
              }
              return HttpResponse.create()
                  .withEntity(HttpEntities.create(PROMETHEUS, metrics.text()));
            });
  }
}
