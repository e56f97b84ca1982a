package dev.parley.entity.account;

import dev.parley.entity.Tenure;
import dev.parley.entity.account.AccountMessage.Question;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Users, organizations, browser sessions and hand-offs as the faces see them, wherever in the
 * cluster they live. Everything fails with {@link TimeoutException} when the entity does not answer
 * within 4 s, or can't be sure: what was to be changed may or may not have been.
 */
public final class Accounts {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Map<AccountKind, EntityTypeKey<AccountMessage>> keys =
      new EnumMap<>(AccountKind.class);
  private final ClusterSharding sharding;
  private final Executor dispatcher;
  private final String handOffPrefix;
  private final EndedLogins ended;

  private Accounts(ActorSystem<?> system, Clock clock, Tenure tenure, String handOffPrefix) {
    this.sharding = ClusterSharding.get(system);
    this.dispatcher = system.executionContext()::execute;
    this.handOffPrefix = handOffPrefix;
    this.ended = EndedLogins.start(system);
    for (AccountKind kind : AccountKind.values()) {
      EntityTypeKey<AccountMessage> key =
          EntityTypeKey.create(AccountMessage.class, kind.typeName());
      keys.put(kind, key);
      sharding.init(
          Entity.of(
                  key, context -> AccountEntity.create(kind, context.getEntityId(), clock, tenure))
              .withStopMessage(AccountMessage.Stop.INSTANCE));
    }
  }

  /**
   * Joins this node to the sharding of accounts. To be called once for each actor system.
   *
   * @param tenure whether the entities of this node are certainly its own
   * @param handOffPrefix in front of the names of hand-offs; letters, digits and {@code _.:-}
   */
  public static Accounts start(
      ActorSystem<?> system, Clock clock, Tenure tenure, String handOffPrefix) {
    return new Accounts(system, clock, tenure, handOffPrefix);
  }

  /**
   * Makes a user, or says that the address has one: {@link AccountReply.User} or {@link
   * AccountReply.EmailTaken}.
   *
   * @param userId that of the address
   * @param email normalized
   */
  public CompletionStage<AccountReply.OfUser> signUp(
      String userId, String email, String passwordHash) {
    return ofUser(userId, new AccountCommand.SignUp(email, passwordHash));
  }

  /** {@link AccountReply.UserCredentials} or {@link AccountReply.NoSuchUser}. */
  public CompletionStage<AccountReply.OfUser> credentials(String userId) {
    return ofUser(userId, new AccountCommand.Credentials());
  }

  /** {@link AccountReply.User} or {@link AccountReply.NoSuchUser}. */
  public CompletionStage<AccountReply.OfUser> user(String userId) {
    return ofUser(userId, new AccountCommand.LookAtUser());
  }

  /**
   * The user with an organization and a current one, both made or chosen now when they were missing
   * (web-runtime.md section 2). An organization that is made is only in the user's list yet; {@link
   * #establish} makes the rest. {@link AccountReply.User} or {@link AccountReply.NoSuchUser}.
   */
  public CompletionStage<AccountReply.OfUser> settle(String userId) {
    return ofUser(userId, new AccountCommand.Settle(UUID.randomUUID().toString()));
  }

  /** Ends all browser sessions of the user that have begun so far, on every node. */
  public CompletionStage<AccountReply.OfUser> logOutEverywhere(String userId) {
    return ofUser(userId, new AccountCommand.LogOutEverywhere())
        .whenComplete((reply, failure) -> ended.tell(userId));
  }

  private CompletionStage<AccountReply.OfUser> ofUser(
      String userId, AccountCommand.ForUser command) {
    return ask(AccountKind.USER, userId, command, AccountReply.OfUser.class);
  }

  /** {@link AccountReply.Organization} or {@link AccountReply.NoSuchOrganization}. */
  public CompletionStage<AccountReply.OfOrganization> organization(String id) {
    return AccountKind.canBeId(id)
        ? ask(
            AccountKind.ORGANIZATION,
            id,
            new AccountCommand.LookAtOrganization(),
            AccountReply.OfOrganization.class)
        : CompletableFuture.completedFuture(new AccountReply.NoSuchOrganization());
  }

  /** The organization; made now when it was not there. */
  public CompletionStage<AccountReply.OfOrganization> establish(
      String id, String name, long credits, String founder) {
    return ask(
        AccountKind.ORGANIZATION,
        id,
        new AccountCommand.Establish(name, credits, founder),
        AccountReply.OfOrganization.class);
  }

  /**
   * Begins a browser session.
   *
   * @param sessionKey a hash of the random id in the cookie
   * @param generation the user's, as it was when the password was checked
   */
  public CompletionStage<AccountReply.OfSession> begin(
      String sessionKey, String userId, long generation, Duration timeToLive) {
    return ofSession(sessionKey, new AccountCommand.Begin(userId, generation, timeToLive));
  }

  /** {@link AccountReply.Session} or {@link AccountReply.NoSuchSession}. */
  public CompletionStage<AccountReply.OfSession> session(String sessionKey) {
    return ofSession(sessionKey, new AccountCommand.LookAtSession(null));
  }

  /**
   * Like {@link #session}, and makes it last for this long from now on if that was not done within
   * the hour.
   */
  public CompletionStage<AccountReply.OfSession> slidingSession(
      String sessionKey, Duration timeToLive) {
    return ofSession(sessionKey, new AccountCommand.LookAtSession(timeToLive));
  }

  /** Ends a browser session, if there is one. */
  public CompletionStage<AccountReply.OfSession> end(String sessionKey) {
    return ofSession(sessionKey, new AccountCommand.End())
        .whenComplete((reply, failure) -> ended.tell(sessionKey));
  }

  /**
   * Whether a browser session goes on, of this user and as the user has not logged out everywhere
   * since.
   */
  public CompletionStage<Boolean> goesOn(String sessionKey, String userId) {
    return session(sessionKey)
        .thenCompose(
            session ->
                session instanceof AccountReply.Session known && known.userId().equals(userId)
                    ? user(userId)
                        .thenApply(
                            user ->
                                user instanceof AccountReply.User now
                                    && now.generation() == known.generation())
                    : CompletableFuture.completedFuture(false));
  }

  /**
   * Calls the listener when sessions have ended, on whichever node: with the key of one, or with
   * the id of a user of whose sessions some have. It is no more than a hint, which may get lost or
   * come for nothing; {@link #goesOn} knows.
   */
  public void onEnd(Consumer<String> listener) {
    ended.listen(listener);
  }

  private CompletionStage<AccountReply.OfSession> ofSession(
      String sessionKey, AccountCommand.ForSession command) {
    return ask(AccountKind.BROWSER_SESSION, sessionKey, command, AccountReply.OfSession.class);
  }

  /**
   * Lets a configuration wait for its worker: {@link AccountReply.Waiting}.
   *
   * @param sessionId new, and not to be guessed
   * @param config a JSON object of at most 64 KiB, or empty
   */
  public CompletionStage<AccountReply.OfHandOff> offer(
      String sessionId, String organizationId, String userId, String config) {
    return ofHandOff(sessionId, new AccountCommand.Offer(organizationId, userId, config));
  }

  /** Takes what waits, once: every reply of a hand-off but {@link AccountReply.Waiting}. */
  public CompletionStage<AccountReply.OfHandOff> take(String sessionId) {
    return ofHandOff(sessionId, new AccountCommand.Take());
  }

  private CompletionStage<AccountReply.OfHandOff> ofHandOff(
      String sessionId, AccountCommand.ForHandOff command) {
    String name = handOffPrefix + "realtime:" + sessionId;
    return AccountKind.canBeId(name)
        ? ask(AccountKind.HAND_OFF, name, command, AccountReply.OfHandOff.class)
        : CompletableFuture.completedFuture(new AccountReply.NoSuchHandOff());
  }

  private <T extends AccountReply> CompletionStage<T> ask(
      AccountKind kind, String entityId, AccountCommand command, Class<T> type) {
    return sharding
        .entityRefFor(keys.get(kind), entityId)
        .<AccountReply>ask(replyTo -> new Question(command, replyTo), PATIENCE)
        .thenComposeAsync(
            reply ->
                reply instanceof AccountReply.NotNow
                    ? CompletableFuture.failedFuture(
                        new TimeoutException("this node may not answer for it at the moment"))
                    : CompletableFuture.completedFuture(type.cast(reply)),
            dispatcher);
  }
}
