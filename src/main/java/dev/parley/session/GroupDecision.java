package dev.parley.session;

import java.util.List;

/**
 * What follows from a group of appends.
 *
 * @param events what was due before, then one event that holds all accepted records
 * @param replies one for each append or series, in order, to be given once the event is durable
 */
public record GroupDecision(List<SessionEvent> events, List<SessionReply> replies) {
  public GroupDecision {
    events = List.copyOf(events);
    replies = List.copyOf(replies);
  }
}
