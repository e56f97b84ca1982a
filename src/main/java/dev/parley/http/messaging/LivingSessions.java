package dev.parley.http.messaging;

import dev.parley.entity.Sessions;
import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.projection.Cursor;
import dev.parley.projection.Item;
import dev.parley.projection.Page;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.session.SessionStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Lists living sessions: the index says which there may be, those of {@link RecentSessions} come on
 * top, and each is asked how it stands, since only it knows its end exactly.
 */
final class LivingSessions {
  /** Sessions that are asked at the same time. */
  private static final int PARALLELISM = 64;

  private static final Comparator<Item> NEWEST_FIRST =
      Comparator.comparing((Item item) -> Cursor.of(item)).reversed();

  /**
   * What was found.
   *
   * @param sessions newest first
   * @param unreachable how many more did not answer
   * @param next where the next page begins; null when there is none
   */
  record Found(List<MessagingSession> sessions, int unreachable, @Nullable Cursor next) {}

  private record Candidates(List<Item> items, @Nullable Cursor next) {}

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final SessionCatalog catalog;
  private final RecentSessions recent;
  private final String environmentId;
  private final Clock clock;

  LivingSessions(
      ActorSystem<?> system,
      Sessions sessions,
      SessionCatalog catalog,
      RecentSessions recent,
      String environmentId,
      Clock clock) {
    this.system = system;
    this.sessions = sessions;
    this.catalog = catalog;
    this.recent = recent;
    this.environmentId = environmentId;
    this.clock = clock;
  }

  /** The page that was asked for, or all. */
  CompletionStage<Found> list(ListRequest request) {
    Instant now = clock.instant();
    CompletionStage<Candidates> candidates =
        request.limit() == null
            ? all(request, now, null, new ArrayList<>())
            : page(request, request.limit(), now);
    return candidates.thenCompose(found -> ask(request, found));
  }

  /** How many sessions of this status the index knows. */
  CompletionStage<Long> count(ListRequest request, SessionStatus status) {
    return catalog.count(request.query(environmentId, status, 1, null, clock.instant()));
  }

  private CompletionStage<Candidates> all(
      ListRequest request, Instant now, @Nullable Cursor after, List<Item> before) {
    Query query = request.query(environmentId, SessionStatus.ACTIVE, Query.MAX_SIZE, after, now);
    return catalog
        .list(query)
        .thenCompose(
            page -> {
              before.addAll(page.items());
              return page.next() == null
                  ? CompletableFuture.completedFuture(
                      new Candidates(withRecent(request, before, null), null))
                  : all(request, now, page.next(), before);
            });
  }

  private CompletionStage<Candidates> page(ListRequest request, int limit, Instant now) {
    return catalog
        .list(request.query(environmentId, SessionStatus.ACTIVE, limit, request.cursor(), now))
        .thenApply(page -> page(request, limit, page));
  }

  private Candidates page(ListRequest request, int limit, Page page) {
    List<Item> items = withRecent(request, page.items(), request.cursor());
    boolean more = page.next() != null || items.size() > limit;
    List<Item> shown = items.subList(0, Math.min(limit, items.size()));
    return new Candidates(shown, more ? Cursor.of(shown.get(shown.size() - 1)) : null);
  }

  /** Newest first, each once. */
  private List<Item> withRecent(ListRequest request, List<Item> indexed, @Nullable Cursor after) {
    Map<SessionId, Item> byId = new LinkedHashMap<>();
    indexed.forEach(item -> byId.put(item.id(), item));
    recent.items().stream()
        .filter(item -> after == null || Cursor.of(item).compareTo(after) < 0)
        .filter(
            item ->
                Parties.ofTriggerConfig(item.info().triggerConfig())
                    .filter(request::fits)
                    .isPresent())
        .forEach(item -> byId.putIfAbsent(item.id(), item));
    return byId.values().stream().sorted(NEWEST_FIRST).toList();
  }

  private CompletionStage<Found> ask(ListRequest request, Candidates candidates) {
    return Source.from(candidates.items())
        .mapAsync(PARALLELISM, this::ask)
        .runWith(Sink.seq(), system)
        .thenApply(
            answers -> {
              List<MessagingSession> living =
                  answers.stream()
                      .flatMap(Answered::found)
                      .filter(session -> isAlive(session) && request.fits(session.parties()))
                      .toList();
              int unreachable = (int) answers.stream().filter(Answered::failed).count();
              return new Found(living, unreachable, candidates.next());
            });
  }

  /** An answer, if one came. */
  private record Answered(Optional<MessagingSession> session, boolean failed) {
    Stream<MessagingSession> found() {
      return session.stream();
    }
  }

  private CompletionStage<Answered> ask(Item item) {
    return sessions
        .inspect(item.id(), Channel.IN)
        .handle(
            (inspection, failure) ->
                failure == null
                    ? new Answered(MessagingSession.of(inspection), false)
                    : new Answered(Optional.empty(), true));
  }

  private boolean isAlive(MessagingSession session) {
    return session.info().closedAt() == null && !session.lifetime().isExpired(clock.instant());
  }
}
