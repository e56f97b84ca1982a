package dev.parley.ops.cluster;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.entity.SessionShards;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /api/v1/cluster}: the nodes as this one sees them, oldest first, and where sessions
 * are awake. It is the same for the secret key of any environment.
 */
public final class ClusterRoutes {
  private final Endpoints endpoints;
  private final Cluster cluster;
  private final SessionShards shards;

  public ClusterRoutes(Endpoints endpoints, ActorSystem<?> system) {
    this.endpoints = endpoints;
    this.cluster = Cluster.get(system);
    this.shards = new SessionShards(system);
  }

  public Route routes() {
    return path(
        segment("api").slash("v1").slash("cluster"),
        () -> endpoints.own().loader("GET", Access.SECRET_KEY, call -> members()).route());
  }

  /** While shards move nobody can say where they are; the members are shown all the same. */
  private CompletionStage<HttpResponse> members() {
    return shards
        .count()
        .handle(
            (held, failure) ->
                Answers.json(
                    200,
                    ClusterDocument.of(
                        cluster.state(), cluster.selfAddress(), failure == null ? held : null)));
  }
}
