package dev.parley.projection;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's row as the stores have it.
 *
 * @param version sequence number of the newest event that is in it
 * @param sliding whether activity moves the end; only {@code expiredAt} tells then that it has come
 * @param agentId who answers; null for nobody
 * @param userId whose conversation it is; null for sessions that are none
 */
public record CatalogRow(
    SessionId id,
    long version,
    SessionInfo info,
    boolean sliding,
    @Nullable String agentId,
    @Nullable String userId) {

  static CatalogRow of(SessionId id, long version, SessionEvent.Created created) {
    return new CatalogRow(
        id,
        version,
        created.info(),
        created.timeout() != null,
        Searchable.agentId(created),
        Searchable.userId(created.info()));
  }

  /** The row behind a later event of the session. */
  CatalogRow after(long laterVersion, SessionEvent event) {
    return new CatalogRow(id, laterVersion, info.after(event), sliding, agentId, userId);
  }

  public Item item() {
    return new Item(id, info);
  }

  /** The scalars of the metadata, as they are looked up. */
  public List<String> facets() {
    return Facets.of(info.metadata());
  }

  /** The ids, as full text looks for them. */
  public String searchIds() {
    return Searchable.ids(id, info);
  }

  /** The tags, as full text looks for them. */
  public String searchTags() {
    return Searchable.tags(info.tags());
  }

  /** The rule of {@link SessionInfo#status}, but for an end that may have been moved meanwhile. */
  private SessionStatus status(Instant now) {
    SessionStatus status = info.status(now);
    return status == SessionStatus.EXPIRED && sliding && info.expiredAt() == null
        ? SessionStatus.ACTIVE
        : status;
  }

  /** Whether the session is one of those that are meant. */
  boolean passes(Filter filter, Instant now) {
    return fits(filter.types(), info.type())
        && fits(filter.taskIdentifiers(), info.taskIdentifier())
        && (filter.tags().isEmpty() || !Collections.disjoint(filter.tags(), info.tags()))
        && (filter.externalId() == null || filter.externalId().equals(info.externalId()))
        && (filter.statuses().isEmpty() || filter.statuses().contains(status(now)))
        && (filter.createdFrom() == null || !info.createdAt().isBefore(filter.createdFrom()))
        && (filter.createdTo() == null || !info.createdAt().isAfter(filter.createdTo()))
        && (filter.metadata().isEmpty() || facets().containsAll(filter.metadata()))
        && (filter.search() == null
            || searchIds().contains(filter.search())
            || searchTags().contains(filter.search()));
  }

  private static boolean fits(List<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
