package dev.parley.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which sessions are wanted. Each method gives a changed copy. Types, tasks, tags and states may be
 * named more than once, of which any will do; all else must hold together.
 */
public final class SessionFilter {
  private static final int PAGE = 100;

  private record Parameter(String name, String value) {}

  private final List<Parameter> parameters;

  private SessionFilter(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /** Every session of the environment. */
  public static SessionFilter all() {
    return new SessionFilter(List.of());
  }

  /** Of this type, or of another one that is named. */
  public SessionFilter type(String type) {
    return with("filter[type]", type);
  }

  /** Answered by this task, or by another one that is named. */
  public SessionFilter taskIdentifier(String task) {
    return with("filter[taskIdentifier]", task);
  }

  /** With this tag, which has no comma, or with another one that is named. */
  public SessionFilter tag(String tag) {
    return with("filter[tags]", tag);
  }

  /** In this state now, or in another one that is named. */
  public SessionFilter status(Session.Status status) {
    return with("filter[status]", status.name());
  }

  /** The one with exactly this external id. */
  public SessionFilter externalId(String id) {
    return with("filter[externalId]", id);
  }

  /**
   * Created no longer ago than this.
   *
   * @param span such as {@code 1h} or {@code 7d}
   */
  public SessionFilter createdWithin(String span) {
    return with("filter[createdAt][period]", span);
  }

  /** Created at this millisecond or later. */
  public SessionFilter createdFrom(Instant from) {
    return with("filter[createdAt][from]", Long.toString(from.toEpochMilli()));
  }

  /** Created at this millisecond or before. */
  public SessionFilter createdTo(Instant to) {
    return with("filter[createdAt][to]", Long.toString(to.toEpochMilli()));
  }

  /**
   * With this value in its metadata.
   *
   * @param path names of members, joined by dots
   */
  public SessionFilter metadata(String path, String value) {
    return with("filter[metadata." + path + "]", value);
  }

  /** With this text in an id or a tag, in any case. */
  public SessionFilter search(String text) {
    return with("filter[search]", text);
  }

  private SessionFilter with(String name, String value) {
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(new Parameter(name, value));
    return new SessionFilter(List.copyOf(more));
  }

  /**
   * The query for a page.
   *
   * @param after the cursor of the page before it
   */
  String query(Optional<String> after) {
    SessionFilter page = with("page[size]", Integer.toString(PAGE));
    return after.map(cursor -> page.with("page[after]", cursor)).orElse(page).parameters.stream()
        .map(parameter -> Paths.segment(parameter.name()) + "=" + Paths.segment(parameter.value()))
        .collect(Collectors.joining("&", "?", ""));
  }
}
