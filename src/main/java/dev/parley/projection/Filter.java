package dev.parley.projection;

import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are meant (trigger.md section 3.6, and two extensions of ours). A session must
 * pass every part; it passes a part with several values when any of them fits, except for the
 * metadata, of which all must fit. An empty part lets all pass.
 *
 * @param tags the session has at least one of them
 * @param createdFrom inclusive
 * @param createdTo inclusive
 * @param metadata facets that the session has, as {@link #facet} gives them
 * @param search a piece of the session's ids or of one of its tags, in any case
 */
public record Filter(
    List<String> types,
    List<String> tags,
    List<String> taskIdentifiers,
    @Nullable String externalId,
    Set<SessionStatus> statuses,
    @Nullable Instant createdFrom,
    @Nullable Instant createdTo,
    List<String> metadata,
    @Nullable String search) {
  /** All sessions. */
  public static final Filter ALL =
      new Filter(List.of(), List.of(), List.of(), null, Set.of(), null, null, List.of(), null);

  public Filter {
    types = List.copyOf(types);
    tags = List.copyOf(tags);
    taskIdentifiers = List.copyOf(taskIdentifiers);
    statuses = Set.copyOf(statuses);
    metadata = List.copyOf(metadata);
    search = search == null || search.isEmpty() ? null : Searchable.folded(search);
  }

  /**
   * What a session has whose metadata holds this value at this path.
   *
   * @param path names of members, joined by dots
   * @param value a text as it is, a number, {@code true}, {@code false} or {@code null} as JSON has
   *     it
   */
  public static String facet(String path, String value) {
    return Facets.facet(path, value);
  }

  /** The same sessions as far as they have one of these statuses. */
  public Filter with(Set<SessionStatus> other) {
    return new Filter(
        types, tags, taskIdentifiers, externalId, other, createdFrom, createdTo, metadata, search);
  }
}
