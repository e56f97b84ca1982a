package dev.parley.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a group of appends.
 *
 * @param event the one event that holds all accepted records; null when there are none
 * @param replies one for each append or series, in order, to be given once the event is durable
 */
public record GroupDecision(
    SessionEvent.@Nullable RecordsAppended event, List<SessionReply> replies) {
  public GroupDecision {
    replies = List.copyOf(replies);
  }
}
