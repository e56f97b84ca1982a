package dev.parley.http.messaging;

import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.projection.Cursor;
import dev.parley.projection.Filter;
import dev.parley.projection.Query;
import dev.parley.session.JsNumber;
import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions {@code GET /sessions} is to show (eliza.md section 5.2 and part 12, item 22).
 *
 * @param limit sessions on a page; null for all of them at once
 * @param cursor where the page begins; null at the newest
 */
record ListRequest(
    @Nullable String userId,
    @Nullable String agentId,
    @Nullable Integer limit,
    @Nullable Cursor cursor) {
  /** All living sessions. */
  static final ListRequest ALL = new ListRequest(null, null, null, null);

  private static final int DEFAULT_LIMIT = 50;

  /**
   * Reads the query. The limit is read as everywhere on this face: the whole number at its
   * beginning, clamped into 1 to 100, and 50 when there is none.
   *
   * @throws MessagingRefused 400 for a cursor that was never given out
   */
  static ListRequest read(MessagingCall call) {
    Optional<String> limit = call.query("limit");
    Optional<Cursor> cursor =
        call.query("cursor")
            .map(
                text ->
                    Cursor.parse(text)
                        .orElseThrow(
                            () ->
                                MessagingError.invalidPagination(
                                        "cursor", text, "Must be a cursor of an earlier answer")
                                    .refused()));
    return new ListRequest(
        call.query("userId").orElse(null),
        call.query("agentId").orElse(null),
        limit.isPresent() || cursor.isPresent() ? limit(limit.orElse("")) : null,
        cursor.orElse(null));
  }

  private static int limit(String text) {
    long wanted = JsNumber.leadingInteger(text).orElse(DEFAULT_LIMIT);
    return (int) Math.max(1, Math.min(Query.MAX_SIZE, wanted));
  }

  /** One page of the index. */
  Query query(
      String environmentId, SessionStatus status, int size, @Nullable Cursor after, Instant now) {
    Filter filter =
        new Filter(
            List.of(MessagingSession.TYPE),
            spellings(userId, Parties::userTag),
            spellings(agentId, Function.identity()),
            null,
            Set.of(status),
            null,
            null,
            List.of(),
            null);
    return new Query(environmentId, filter, size, after, null, now);
  }

  /** Ids are stored as they were received, in whatever case that was. */
  private static List<String> spellings(@Nullable String id, Function<String, String> label) {
    return id == null
        ? List.of()
        : Stream.of(id, id.toLowerCase(Locale.ROOT), id.toUpperCase(Locale.ROOT))
            .distinct()
            .map(label)
            .toList();
  }

  boolean fits(Parties parties) {
    return (userId == null || userId.equalsIgnoreCase(parties.userId()))
        && (agentId == null || agentId.equalsIgnoreCase(parties.agentId()));
  }
}
