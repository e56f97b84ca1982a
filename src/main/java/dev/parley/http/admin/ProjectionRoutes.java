package dev.parley.http.admin;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Projections;
import dev.parley.projection.RebuildRefused;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /api/admin/projections}: how far they are; pausing, resuming and rebuilding them. They are
 * of the whole installation, so the key of any environment will do.
 */
public final class ProjectionRoutes {
  private static final PathMatcher0 PROJECTIONS =
      segment("api").slash("admin").slash("projections");

  /** Bodies are not read. */
  private static final int MAX_BODY = 1_024;

  private final Endpoints endpoints;
  private final Projections projections;

  public ProjectionRoutes(Endpoints endpoints, Projections projections) {
    this.endpoints = endpoints;
    this.projections = projections;
  }

  public Route routes() {
    return concat(
        path(
            PROJECTIONS,
            () -> endpoints.own().loader("GET", Access.SECRET_KEY, call -> list()).route()),
        operation("pause", projections::pause),
        operation("resume", projections::resume),
        operation("rebuild", projections::rebuild));
  }

  private Route operation(String word, Function<String, CompletionStage<Void>> operation) {
    return path(
        PROJECTIONS.slash(segment()).slash(word),
        name ->
            endpoints
                .own()
                .action("POST", Access.SECRET_KEY, MAX_BODY, call -> done(name, operation))
                .route());
  }

  private CompletionStage<HttpResponse> list() {
    return projections
        .status()
        .thenApply(
            all -> {
              ObjectNode body = Json.object();
              ArrayNode list = body.putArray("projections");
              all.forEach(status -> list.add(ProjectionDocument.of(status)));
              return Answers.json(200, body);
            });
  }

  private CompletionStage<HttpResponse> done(
      String name, Function<String, CompletionStage<Void>> operation) {
    if (!projections.names().contains(name)) {
      throw new Refused(
          Answers.notFound(
              "Projection '"
                  + name
                  + "' not found, there are "
                  + String.join(", ", projections.names())));
    }
    return operation
        .apply(name)
        .exceptionally(ProjectionRoutes::explain)
        .thenCompose(done -> projections.status(name))
        .thenApply(status -> Answers.json(200, ProjectionDocument.of(status)));
  }

  private static Void explain(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RebuildRefused refused) {
      throw new Refused(Answers.error(409, "" + refused.getMessage()));
    }
    throw new CompletionException(cause);
  }
}
