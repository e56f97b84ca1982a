package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Json;
import dev.parley.projection.SessionCatalog;
import dev.parley.projection.Stats;
import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/sessions/stats?groupBy=…&period=…}: figures of sessions over time, an
 * extension of ours. A session may have the external id {@code stats}, too, and then has the same
 * path: the request is one for figures exactly when its query has {@code groupBy} or {@code
 * period}, else it retrieves that session.
 */
final class StatsRoute {
  private static final String KEY = "stats";

  private final SessionCatalog catalog;
  private final Clock clock;

  StatsRoute(SessionCatalog catalog, Clock clock) {
    this.catalog = catalog;
    this.clock = clock;
  }

  /**
   * Whether figures are asked for and not the session.
   *
   * @param key the last segment of the path
   */
  static boolean isMeant(Call call, String key) {
    return key.equals(KEY)
        && (call.query(StatsParameters.GROUP_BY).isPresent()
            || call.query(StatsParameters.PERIOD).isPresent());
  }

  CompletionStage<HttpResponse> figures(Call call) {
    StatsQuery query = StatsParameters.read(call, clock.instant());
    ListAccess.require(call, query.filter());
    String groupBy = call.query(StatsParameters.GROUP_BY).orElse(null);
    return catalog
        .stats(query)
        .thenApply(stats -> Answers.json(200, answer(query, groupBy, stats)));
  }

  private static ObjectNode answer(StatsQuery query, @Nullable String groupBy, Stats stats) {
    ObjectNode answer =
        Json.object()
            .put("from", Json.date(query.from()))
            .put("to", Json.date(query.to()))
            .put("bucketSeconds", query.bucket().toSeconds())
            .put("groupBy", groupBy);
    ArrayNode groups = answer.putArray("groups");
    for (Stats.Group group : stats.groups()) {
      ObjectNode written = groups.addObject().put("key", group.key());
      written.put("sessions", group.sessions());
      put(written.putObject("total"), group.total());
      ArrayNode series = written.putArray("series");
      for (Stats.Bucket bucket : group.series()) {
        put(series.addObject().put("at", Json.date(bucket.at())), bucket.figures());
      }
    }
    return answer;
  }

  private static void put(ObjectNode into, Figures figures) {
    into.put("created", figures.created())
        .put("active", figures.active())
        .put("expired", figures.expired())
        .put("closed", figures.closed())
        .put("messages", figures.messages())
        .put("records", figures.records())
        .put("bytes", figures.bytes())
        .put("medianTurnMs", figures.medianTurnMillis());
  }
}
