package dev.parley.session;

import java.util.List;

/**
 * What follows from a command.
 *
 * @param events to be made durable in one commit, in this order; empty when nothing changes
 * @param reply to be given once they are
 */
public record Decision(List<SessionEvent> events, SessionReply reply) {
  public Decision {
    events = List.copyOf(events);
  }

  static Decision reply(SessionReply reply) {
    return new Decision(List.of(), reply);
  }
}
