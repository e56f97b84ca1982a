package dev.parley.http.transfer;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.SessionCopies;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Cursor;
import dev.parley.projection.Filter;
import dev.parley.projection.Item;
import dev.parley.projection.Page;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/export} and {@code POST /api/v1/import}: sessions of the key's environment as
 * lines of JSON. Both take as long as they take, and what they hold meanwhile is bounded.
 */
public final class TransferRoutes {
  private static final ContentType NDJSON = ContentTypes.parse("application/x-ndjson");

  private final ActorSystem<?> system;
  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SessionCopies copies;
  private final SessionCatalog catalog;
  private final Clock clock;

  public TransferRoutes(
      ActorSystem<?> system,
      Endpoints endpoints,
      Sessions sessions,
      SessionCopies copies,
      SessionCatalog catalog,
      Clock clock) {
    this.system = system;
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.copies = copies;
    this.catalog = catalog;
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        path(
            segment("api").slash("v1").slash("export"),
            () -> endpoints.own().loader("GET", Access.SECRET_KEY, this::export).route()),
        path(
            segment("api").slash("v1").slash("import"),
            // The length is not looked at: it is that of a stream.
            () -> endpoints.own().loader("POST", Access.SECRET_KEY, this::load).route()));
  }

  private CompletionStage<HttpResponse> export(Call call) {
    ExportQuery query = ExportQuery.read(call);
    String environmentId = call.credential().environment().id();
    Exported counts = new Exported();
    Source<SessionId, NotUsed> ids =
        query.ids().isEmpty() ? listed(environmentId, query.filter()) : Source.from(query.ids());
    ObjectNode header =
        Json.object()
            .put("parley", "export")
            .put("version", SessionImport.VERSION)
            .put("exportedAt", Json.date(clock.instant()))
            .put("environment", environmentId);
    Source<ByteString, NotUsed> lines =
        Source.single(header)
            .concatLazy(ids.flatMapConcat(id -> new SessionExport(copies, id, counts).lines()))
            .concatLazy(Source.lazySource(() -> Source.single(end(counts))))
            .map(line -> ByteString.fromString(Json.text(line) + "\n"));
    return CompletableFuture.completedFuture(
        HttpResponse.create().withEntity(HttpEntities.create(NDJSON, lines)));
  }

  private static ObjectNode end(Exported counts) {
    ObjectNode end =
        Json.object().put("sessions", counts.sessions()).put("records", counts.records());
    return Json.object().set("end", end);
  }

  /** From the newest to the oldest; those that come into being meanwhile are not among them. */
  private Source<SessionId, NotUsed> listed(String environmentId, Filter filter) {
    return Source.unfoldAsync(
            Optional.of(new Place(null)),
            place -> {
              if (place.isEmpty()) {
                return CompletableFuture.completedFuture(
                    Optional.<Pair<Optional<Place>, List<Item>>>empty());
              }
              Query query =
                  new Query(
                      environmentId,
                      filter,
                      Query.MAX_SIZE,
                      place.get().after(),
                      null,
                      clock.instant());
              return catalog
                  .list(query)
                  .thenApply(page -> Optional.of(Pair.create(Place.behind(page), page.items())));
            })
        .mapConcat(items -> items)
        .map(Item::id);
  }

  /** Where the next page of the list begins. */
  private record Place(@Nullable Cursor after) {
    static Optional<Place> behind(Page page) {
      return Optional.ofNullable(page.next()).map(Place::new);
    }
  }

  private CompletionStage<HttpResponse> load(Call call) {
    String environmentId = call.credential().environment().id();
    SessionImport work = new SessionImport(system, sessions, copies, environmentId);
    Lines lines = new Lines(Lines.MAX_BYTES);
    return call.stream()
        .map(Optional::of)
        .concat(Source.single(Optional.empty()))
        .mapConcat(chunk -> chunk.map(lines::add).orElseGet(lines::end))
        .mapAsync(1, work::take)
        .runWith(Sink.ignore(), system)
        .exceptionally(
            failure -> {
              throw new Refused(
                  Answers.error(400, "The body broke off; what came before it is there"));
            })
        .thenCompose(done -> work.outcome())
        .thenApply(
            outcome ->
                work.wrongFile() == null
                    ? Answers.json(200, outcome)
                    : Answers.error(400, "This is no export of Parley: " + work.wrongFile()));
  }
}
