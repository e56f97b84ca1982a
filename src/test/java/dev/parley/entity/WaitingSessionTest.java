package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.parley.journal.JournalSerializer;
import dev.parley.journal.StoredSnapshot;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.WaitpointsTimedOut;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.Waitpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One awake session with waiters, whose time passes only when the test lets it. */
class WaitingSessionTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private static final Config DEFAULTS =
      ConfigFactory.parseResources("application.conf")
          .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true))
          .getConfig("parley.session");

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(
                  ConfigFactory.parseString(
                      // Its limit would be over while a write is under way: hours pass at once
                      // here.
                      "pekko.persistence.journal-plugin-fallback.circuit-breaker.call-timeout = 300d"))
              .withFallback(
                  StoringKit.config(
                      JournalSerializer.class, SessionEvent.class, StoredSnapshot.class)));

  private final ManualTime timers = ManualTime.get(KIT.system());
  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final SnapshotTestKit snapshots = SnapshotTestKit.create(KIT.system());
  private final TestProbe<SessionReply> replies = KIT.createTestProbe(SessionReply.class);
  private final TestProbe<WaitpointReply> watches = KIT.createTestProbe(WaitpointReply.class);
  private final SettableClock clock = new SettableClock();
  private final SessionId id = SessionId.random("env");
  private final String persistenceId = SessionEntity.persistenceId(id).id();
  private ActorRef<SessionMessage> session;

  private static final class SettableClock extends Clock {
    private volatile Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void spawn() {
    journal.clearAll();
    journal.resetPolicy();
    snapshots.clearAll();
    session = start("");
  }

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  private ActorRef<SessionMessage> start(String overrides) {
    EntitySettings settings =
        EntitySettings.of(ConfigFactory.parseString(overrides).withFallback(DEFAULTS));
    return KIT.spawn(
        SessionEntity.create(
            id,
            settings,
            clock,
            Tenure.ALWAYS,
            (reclaim, whenDone) -> {},
            new AwakeSessions(),
            NobodyAnswers.INSTANCE,
            (session, event) -> {},
            NoCallbacks.in(KIT.system())));
  }

  private void stop() {
    session.tell(SessionMessage.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(session);
  }

  /** Lets the time of the clock and of the timers pass. */
  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
    timers.timePasses(time);
  }

  private void ask(SessionCommand command) {
    session.tell(new SessionMessage.Ask(command, replies.ref()));
  }

  private void register(String waitpoint, @Nullable Duration timeout) {
    Instant timeoutAt = timeout == null ? null : clock.now.plus(timeout);
    ask(
        new SessionCommand.Wait(
            waitpoint, Channel.IN, -1, timeoutAt, List.of(), null, null, null, false));
    replies.expectMessageClass(SessionReply.WaitpointIs.class);
  }

  private void append() {
    ask(
        new Append(
            Channel.IN,
            List.of(new SessionCommand.Draft(null, RecordContent.of(Bytes.utf8("x")))),
            null,
            null,
            null,
            false));
    replies.expectMessageClass(SessionReply.Appended.class);
  }

  private void watch(String waitpoint, Duration maxWait) {
    session.tell(new SessionMessage.Watch(waitpoint, maxWait, watches.ref()));
  }

  /** The waitpoint now, without anything being decided by the question. */
  private @Nullable Waitpoint look(String waitpoint) {
    watch(waitpoint, Duration.ZERO);
    return watches.receiveMessage().waitpoint();
  }

  private List<WaitpointsTimedOut> timeouts() {
    return journal.persistedInStorage(persistenceId).stream()
        .filter(WaitpointsTimedOut.class::isInstance)
        .map(WaitpointsTimedOut.class::cast)
        .toList();
  }

  private List<WaitpointsTimedOut> awaitTimeouts(int count) {
    return replies.awaitAssert(
        () -> {
          assertThat(timeouts()).hasSize(count);
          return timeouts();
        });
  }

  @Test
  void a_deadline_is_met_without_anybody_asking() {
    register("w", Duration.ofSeconds(10));
    pass(Duration.ofMillis(9_999));
    assertThat(look("w").outcome()).isNull();
    pass(Duration.ofMillis(2));
    assertThat(awaitTimeouts(1))
        .containsExactly(new WaitpointsTimedOut(List.of("w"), START.plusMillis(10_001)));
    assertThat(look("w").outcome())
        .isEqualTo(new Waitpoint.Outcome(true, START.plusMillis(10_001), null));
    pass(Duration.ofDays(1));
    look("w");
    assertThat(timeouts()).hasSize(1);
  }

  @Test
  void an_earlier_deadline_moves_the_timer_and_the_later_one_is_met_too() {
    register("later", Duration.ofHours(1));
    register("never", null);
    register("earlier", Duration.ofSeconds(10));
    register("between", Duration.ofMinutes(1));
    pass(Duration.ofSeconds(11));
    assertThat(awaitTimeouts(1).get(0).ids()).containsExactly("earlier");
    pass(Duration.ofMinutes(1));
    assertThat(awaitTimeouts(2).get(1).ids()).containsExactly("between");
    pass(Duration.ofHours(1));
    assertThat(awaitTimeouts(3).get(2).ids()).containsExactly("later");
    assertThat(look("never").outcome()).isNull();
  }

  @Test
  void deadlines_that_have_come_together_are_met_in_their_order() {
    register("second", Duration.ofMillis(20));
    register("first", Duration.ofMillis(10));
    clock.now = START.plusSeconds(1);
    timers.timePasses(Duration.ofMillis(20));
    assertThat(awaitTimeouts(1).get(0).ids()).containsExactly("first", "second");
  }

  @Test
  void nobody_times_out_who_was_completed_before() {
    register("w", Duration.ofSeconds(10));
    append();
    register("late", Duration.ofSeconds(20));
    assertThat(look("late").outcome()).isNotNull();
    pass(Duration.ofMinutes(1));
    assertThat(look("w").outcome().timedOut()).isFalse();
    assertThat(timeouts()).isEmpty();
  }

  @Test
  void a_timer_that_is_ahead_of_the_clock_is_set_again() {
    register("w", Duration.ofSeconds(10));
    timers.timePasses(Duration.ofSeconds(11));
    assertThat(look("w").outcome()).isNull();
    pass(Duration.ofSeconds(11));
    awaitTimeouts(1);
  }

  @Test
  void a_deadline_that_came_before_a_command_is_decided_before_it() {
    register("w", Duration.ofSeconds(10));
    clock.now = START.plusSeconds(10);
    append();
    assertThat(look("w").outcome().timedOut()).isTrue();
    assertThat(journal.persistedInStorage(persistenceId))
        .extracting(Object::getClass)
        .containsExactly(
            SessionEvent.WaitpointCreated.class,
            WaitpointsTimedOut.class,
            SessionEvent.RecordsAppended.class);
  }

  @Test
  void what_fell_due_while_the_session_slept_is_decided_as_soon_as_it_wakes() {
    register("due", Duration.ofSeconds(10));
    register("later", Duration.ofHours(2));
    stop();
    pass(Duration.ofHours(1));
    session = start("");
    look("due");
    timers.timePasses(Duration.ofMillis(1));
    assertThat(awaitTimeouts(1).get(0).ids()).containsExactly("due");
    pass(Duration.ofHours(1));
    assertThat(awaitTimeouts(2).get(1).ids()).containsExactly("later");
  }

  @Test
  void waiters_are_part_of_a_snapshot() {
    stop();
    session = start("snapshot-every-events = 1");
    register("timed", Duration.ofSeconds(10));
    register("untimed", null);
    Waitpoint before = look("untimed");
    replies.awaitAssert(
        () -> {
          assertThat(snapshots.persistedInStorage(persistenceId)).hasSize(2);
          return snapshots;
        });
    stop();
    journal.clearAll();
    session = start("");
    assertThat(look("untimed")).isEqualTo(before);
    pass(Duration.ofSeconds(11));
    assertThat(awaitTimeouts(1).get(0).ids()).containsExactly("timed");
  }

  @Test
  void a_deadline_whose_commit_failed_is_met_at_the_next_attempt() {
    stop();
    session = start("min-backoff = 1s, max-backoff = 1s");
    register("w", Duration.ofSeconds(10));
    journal.failNextPersisted(persistenceId);
    pass(Duration.ofSeconds(11));
    replies.awaitAssert(
        () -> {
          timers.timePasses(Duration.ofMillis(100));
          assertThat(timeouts()).hasSize(1);
          return timeouts();
        });
    assertThat(look("w").outcome().timedOut()).isTrue();
  }

  @Test
  void a_watcher_is_answered_by_a_record_a_completion_or_a_deadline() {
    register("record", Duration.ofSeconds(30));
    watch("record", Duration.ofMinutes(1));
    append();
    assertThat(watches.receiveMessage().waitpoint().outcome().timedOut()).isFalse();

    ask(new SessionCommand.Wait("token", null, -1, null, List.of(), null, null, null, false));
    replies.expectMessageClass(SessionReply.WaitpointIs.class);
    watch("token", Duration.ofMinutes(1));
    watch("token", Duration.ofMinutes(1));
    ask(new SessionCommand.CompleteWait("token", "1"));
    for (int i = 0; i < 2; i++) {
      assertThat(watches.receiveMessage().waitpoint().outcome().output()).isNotNull();
    }

    ask(
        new SessionCommand.Wait(
            "timed",
            Channel.OUT,
            -1,
            clock.now.plusSeconds(10),
            List.of(),
            null,
            null,
            null,
            false));
    watch("timed", Duration.ofMinutes(1));
    watch("timed", Duration.ZERO);
    assertThat(watches.receiveMessage().waitpoint().outcome()).isNull();
    pass(Duration.ofSeconds(11));
    assertThat(watches.receiveMessage().waitpoint().outcome().timedOut()).isTrue();
  }

  @Test
  void a_watcher_is_told_how_it_is_when_the_session_goes() {
    register("w", null);
    watch("w", Duration.ofMinutes(1));
    watch("w", Duration.ofMinutes(1));
    stop();
    for (int i = 0; i < 2; i++) {
      assertThat(watches.receiveMessage().waitpoint().outcome()).isNull();
    }
  }

  @Test
  void a_watcher_of_what_has_ended_or_never_was_is_answered_at_once() {
    register("w", Duration.ZERO);
    watch("w", Duration.ofMinutes(1));
    assertThat(watches.receiveMessage().waitpoint().outcome().timedOut()).isTrue();
    watch("unknown", Duration.ofMinutes(1));
    assertThat(watches.receiveMessage().waitpoint()).isNull();
  }

  @Test
  void the_session_says_when_it_must_be_awake_again() {
    register("w", Duration.ofSeconds(10));
    ask(new SessionCommand.Wake());
    assertThat(replies.receiveMessage()).isEqualTo(new SessionReply.Awake(START.plusSeconds(10)));
    clock.now = START.plusSeconds(10);
    ask(new SessionCommand.Wake());
    assertThat(replies.receiveMessage()).isEqualTo(new SessionReply.Awake(null));
    assertThat(timeouts()).hasSize(1);
  }
}
