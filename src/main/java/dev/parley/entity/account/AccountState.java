package dev.parley.entity.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an entity of this package is, and what follows from a command. Pure: without an actor, a
 * journal or a clock.
 */
sealed interface AccountState permits User, Organization, BrowserSession, HandOff {
  /**
   * What follows from a command.
   *
   * @param event null when nothing changes
   */
  record Decision(@Nullable AccountEvent event, AccountReply reply) {
    static Decision reply(AccountReply reply) {
      return new Decision(null, reply);
    }
  }

  /**
   * @throws IllegalArgumentException when the command is for an entity of another kind
   */
  Decision decide(AccountCommand command, Instant now);

  /**
   * The state after an event that was decided on this one.
   *
   * @throws IllegalArgumentException when the event is of another kind of entity
   */
  AccountState apply(AccountEvent event);

  /** For what went to the wrong kind of entity. */
  static IllegalArgumentException misdirected(Object what, AccountState where) {
    return new IllegalArgumentException(
        what.getClass().getSimpleName() + " is not for a " + where.getClass().getSimpleName());
  }
}
