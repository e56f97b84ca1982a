package dev.parley.entity.account;

import dev.parley.entity.account.AccountCommand.Offer;
import dev.parley.entity.account.AccountCommand.Take;
import dev.parley.entity.account.AccountEvent.Lapsed;
import dev.parley.entity.account.AccountEvent.Offered;
import dev.parley.entity.account.AccountEvent.Taken;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that waits for a realtime worker. It is given out once or expires, and what
 * happened first stays (across.md section 8).
 *
 * @param organizationId empty when nothing waits, as it is before the offer and after the end
 * @param config a JSON object, or empty
 * @param expiresAt until when it can be taken
 * @param takenAt null when it was not
 * @param lapsedAt when it had expired; null when nobody was told so
 */
record HandOff(
    String organizationId,
    String userId,
    String config,
    Instant expiresAt,
    @Nullable Instant takenAt,
    @Nullable Instant lapsedAt)
    implements AccountState {
  static final HandOff NONE = new HandOff("", "", "", Instant.EPOCH, null, null);

  /** How long it waits (web-runtime.md section 6). */
  static final Duration WAITS = Duration.ofMinutes(20);

  /** How long its end is told. */
  static final Duration REMEMBERED = Duration.ofHours(24);

  @Override
  public Decision decide(AccountCommand command, Instant now) {
    if (command instanceof Offer offer) {
      Offered event =
          new Offered(offer.organizationId(), offer.userId(), offer.config(), now.plus(WAITS));
      // Of an id that nobody has had before.
      return equals(NONE)
          ? new Decision(event, new AccountReply.Waiting(event.expiresAt()))
          : Decision.reply(new AccountReply.NoSuchHandOff());
    }
    if (!(command instanceof Take)) {
      throw AccountState.misdirected(command, this);
    }
    if (takenAt != null) {
      return ended(takenAt, new AccountReply.Consumed(), null, now);
    }
    if (lapsedAt != null) {
      return ended(lapsedAt, new AccountReply.Expired(), null, now);
    }
    if (organizationId.isEmpty()) {
      return Decision.reply(new AccountReply.NoSuchHandOff());
    }
    return now.isBefore(expiresAt)
        ? new Decision(new Taken(now), new AccountReply.Given(organizationId, userId, config))
        : ended(expiresAt, new AccountReply.Expired(), new Lapsed(expiresAt), now);
  }

  private static Decision ended(
      Instant at, AccountReply how, @Nullable AccountEvent event, Instant now) {
    return now.isBefore(at.plus(REMEMBERED))
        ? new Decision(event, how)
        : Decision.reply(new AccountReply.NoSuchHandOff());
  }

  @Override
  public HandOff apply(AccountEvent event) {
    if (event instanceof Offered offered) {
      return new HandOff(
          offered.organizationId(),
          offered.userId(),
          offered.config(),
          offered.expiresAt(),
          null,
          null);
    }
    if (event instanceof Taken taken) {
      return new HandOff("", "", "", expiresAt, taken.at(), null);
    }
    if (event instanceof Lapsed lapsed) {
      return new HandOff("", "", "", expiresAt, null, lapsed.at());
    }
    throw AccountState.misdirected(event, this);
  }
}
