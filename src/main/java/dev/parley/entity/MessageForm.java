package dev.parley.entity;

import dev.parley.session.Channel;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionInfo;
import java.util.List;

/** Knows messages among the records that are written to a conversation (across.md section 1). */
@FunctionalInterface
public interface MessageForm {
  /**
   * The records with their messages as such: on {@code .in} all data is, on {@code .out} what says
   * so.
   *
   * @param info of the messaging session
   * @param channel one of the reserved pair
   */
  List<SessionCommand.Draft> form(
      SessionInfo info, Channel channel, List<SessionCommand.Draft> records);
}
