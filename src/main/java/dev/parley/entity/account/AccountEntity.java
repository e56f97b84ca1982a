package dev.parley.entity.account;

import dev.parley.entity.Tenure;
import dev.parley.entity.account.AccountMessage.Question;
import dev.parley.entity.account.AccountMessage.Stop;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * Runs an {@link AccountState}: asks it, makes the change durable, then answers. An answer that
 * changes nothing is given only while nobody else can have written, so that what was ended
 * elsewhere is not shown as living here.
 */
final class AccountEntity
    extends EventSourcedBehaviorWithEnforcedReplies<AccountMessage, AccountEvent, AccountState> {
  /** Rows below the snapshot before the newest are deleted, so that a few tens stay at most. */
  private static final int SNAPSHOT_EVERY_EVENTS = 10;

  private final AccountKind kind;
  private final Clock clock;
  private final Tenure tenure;

  private AccountEntity(AccountKind kind, String entityId, Clock clock, Tenure tenure) {
    super(
        PersistenceId.of(kind.typeName(), entityId),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.kind = kind;
    this.clock = clock;
    this.tenure = tenure;
  }

  static Behavior<AccountMessage> create(
      AccountKind kind, String entityId, Clock clock, Tenure tenure) {
    return new AccountEntity(kind, entityId, clock, tenure);
  }

  @Override
  public AccountState emptyState() {
    return kind.empty();
  }

  @Override
  public EventHandler<AccountState, AccountEvent> eventHandler() {
    return AccountState::apply;
  }

  @Override
  public CommandHandlerWithReply<AccountMessage, AccountEvent, AccountState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Question.class, this::onQuestion)
        .onCommand(Stop.class, stop -> Effect().stop().thenNoReply())
        .build();
  }

  private ReplyEffect<AccountEvent, AccountState> onQuestion(
      AccountState state, Question question) {
    AccountState.Decision decision = state.decide(question.command(), clock.instant());
    AccountEvent event = decision.event();
    if (event == null) {
      return Effect()
          .reply(question.replyTo(), tenure.holds() ? decision.reply() : new AccountReply.NotNow());
    }
    return Effect().persist(event).thenReply(question.replyTo(), after -> decision.reply());
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY_EVENTS, 1).withDeleteEventsOnSnapshot();
  }
}
