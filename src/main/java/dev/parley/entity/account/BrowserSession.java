package dev.parley.entity.account;

import dev.parley.entity.account.AccountCommand.Begin;
import dev.parley.entity.account.AccountCommand.End;
import dev.parley.entity.account.AccountCommand.LookAtSession;
import dev.parley.entity.account.AccountEvent.Begun;
import dev.parley.entity.account.AccountEvent.LoggedOut;
import dev.parley.entity.account.AccountEvent.Slid;
import java.time.Duration;
import java.time.Instant;

/**
 * What is behind a cookie. Once over it stays so.
 *
 * @param userId whose it is; empty when it is not, or not any more
 * @param generation the user's, when it began
 * @param slidAt when it began or was made longer last
 * @param expiresAt from this instant on it is over
 */
record BrowserSession(String userId, long generation, Instant slidAt, Instant expiresAt)
    implements AccountState {
  static final BrowserSession NONE = new BrowserSession("", 0, Instant.EPOCH, Instant.EPOCH);

  /** How seldom a session slides (across.md section 7). */
  static final Duration SLIDES_EVERY = Duration.ofHours(1);

  @Override
  public Decision decide(AccountCommand command, Instant now) {
    if (command instanceof Begin begin) {
      Begun event =
          new Begun(begin.userId(), begin.generation(), now, now.plus(begin.timeToLive()));
      // Of an id that nobody has had before, so that an ended session can't begin again.
      return equals(NONE)
          ? new Decision(event, apply(event).view(false))
          : Decision.reply(new AccountReply.NoSuchSession());
    }
    boolean open = !userId.isEmpty() && now.isBefore(expiresAt);
    if (command instanceof End) {
      return new Decision(open ? new LoggedOut() : null, new AccountReply.SessionEnded());
    }
    if (command instanceof LookAtSession look) {
      return open ? look(look, now) : Decision.reply(new AccountReply.NoSuchSession());
    }
    throw AccountState.misdirected(command, this);
  }

  private Decision look(LookAtSession look, Instant now) {
    Duration longer = look.slideBy();
    if (longer == null || now.isBefore(slidAt.plus(SLIDES_EVERY))) {
      return Decision.reply(view(false));
    }
    Slid event = new Slid(now, now.plus(longer));
    return new Decision(event, apply(event).view(true));
  }

  private AccountReply.Session view(boolean slid) {
    return new AccountReply.Session(userId, generation, expiresAt, slid);
  }

  @Override
  public BrowserSession apply(AccountEvent event) {
    if (event instanceof Begun begun) {
      return new BrowserSession(begun.userId(), begun.generation(), begun.at(), begun.expiresAt());
    }
    if (event instanceof Slid slid) {
      return new BrowserSession(userId, generation, slid.at(), slid.expiresAt());
    }
    if (event instanceof LoggedOut) {
      return new BrowserSession("", generation, slidAt, expiresAt);
    }
    throw AccountState.misdirected(event, this);
  }
}
