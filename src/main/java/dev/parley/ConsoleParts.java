package dev.parley;

import dev.parley.entity.Sessions;
import dev.parley.entity.Timelines;
import dev.parley.http.console.ConsoleFace;
import dev.parley.http.sessions.OperatorRoutes;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Exchanges;
import dev.parley.journal.SessionHistory;
import dev.parley.ops.cluster.ClusterRoutes;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** The console of one node and the routes that are there for its sake. */
final class ConsoleParts {
  private ConsoleParts() {}

  static Route routes(
      ActorSystem<?> system,
      Exchanges exchanges,
      Endpoints endpoints,
      Sessions sessions,
      SessionHistory history) {
    return Directives.concat(
        new OperatorRoutes(endpoints, sessions, new Timelines(history)).routes(),
        new ClusterRoutes(endpoints, system).routes(),
        new ConsoleFace(exchanges).routes());
  }
}
