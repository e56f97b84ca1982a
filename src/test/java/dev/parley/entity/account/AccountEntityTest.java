package dev.parley.entity.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.StoringKit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The actors of accounts, without a cluster. */
class AccountEntityTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(
                  StoringKit.config(
                      AccountSerializer.class, AccountEvent.class, AccountState.class)));

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final TestProbe<AccountReply> replies = KIT.createTestProbe(AccountReply.class);
  private final AtomicBoolean tenure = new AtomicBoolean(true);
  private final String id = UUID.randomUUID().toString();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<AccountMessage> start(AccountKind kind) {
    return KIT.spawn(AccountEntity.create(kind, id, CLOCK, tenure::get));
  }

  private AccountReply ask(ActorRef<AccountMessage> entity, AccountCommand command) {
    entity.tell(new AccountMessage.Question(command, replies.getRef()));
    return replies.receiveMessage();
  }

  @Test
  void what_was_answered_is_found_again_by_the_next_owner() {
    ActorRef<AccountMessage> first = start(AccountKind.HAND_OFF);
    assertThat(ask(first, new AccountCommand.Offer("o", "u", "{}")))
        .isEqualTo(new AccountReply.Waiting(NOON.plus(HandOff.WAITS)));
    first.tell(AccountMessage.Stop.INSTANCE);
    replies.expectTerminated(first);
    ActorRef<AccountMessage> second = start(AccountKind.HAND_OFF);
    assertThat(ask(second, new AccountCommand.Take()))
        .isEqualTo(new AccountReply.Given("o", "u", "{}"));
    second.tell(AccountMessage.Stop.INSTANCE);
    replies.expectTerminated(second);
    assertThat(ask(start(AccountKind.HAND_OFF), new AccountCommand.Take()))
        .isEqualTo(new AccountReply.Consumed());
  }

  @Test
  void an_owner_that_may_have_been_given_up_says_nothing_for_certain() {
    ActorRef<AccountMessage> session = start(AccountKind.BROWSER_SESSION);
    ask(session, new AccountCommand.Begin("u", 0, Duration.ofDays(7)));
    tenure.set(false);
    assertThat(ask(session, new AccountCommand.LookAtSession(null)))
        .isEqualTo(new AccountReply.NotNow());
    tenure.set(true);
    assertThat(ask(session, new AccountCommand.LookAtSession(null)))
        .isInstanceOf(AccountReply.Session.class);
  }

  @Test
  void what_could_not_be_stored_has_not_happened() {
    ActorRef<AccountMessage> user = start(AccountKind.USER);
    journal.failNextPersisted("User|" + id);
    user.tell(
        new AccountMessage.Question(new AccountCommand.SignUp("a@b.c", "hash"), replies.getRef()));
    replies.expectNoMessage(Duration.ZERO);
    ManualTime.get(KIT.system()).timePasses(Duration.ofSeconds(1));
    assertThat(ask(user, new AccountCommand.LookAtUser())).isEqualTo(new AccountReply.NoSuchUser());
  }
}
