package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parley.journal.JournalSerializer;
import dev.parley.journal.Reclaim;
import dev.parley.journal.StoredSnapshot;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session's actor over a journal that can be made to fail. */
class SessionEntityTest {
  private static final Config DEFAULTS =
      ConfigFactory.parseResources("application.conf")
          .resolve(com.typesafe.config.ConfigResolveOptions.defaults().setAllowUnresolved(true))
          .getConfig("parley.session");

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          StoringKit.config(JournalSerializer.class, SessionEvent.class, StoredSnapshot.class));

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final SnapshotTestKit snapshots = SnapshotTestKit.create(KIT.system());
  private final TestProbe<SessionReply> replies = KIT.createTestProbe(SessionReply.class);
  private final TestProbe<ReadReply> reads = KIT.createTestProbe(ReadReply.class);
  private final SessionId id = SessionId.random("env");
  private final Queue<Reclaim> reclaims = new ConcurrentLinkedQueue<>();
  private volatile boolean reclaiming = true;
  private volatile boolean sure = true;
  private final String persistenceId = SessionEntity.persistenceId(id).id();

  @BeforeEach
  void clear() {
    journal.clearAll();
    journal.resetPolicy();
    snapshots.clearAll();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void reclaim(Reclaim reclaim, Runnable whenDone) {
    reclaims.add(reclaim);
    if (reclaiming) {
      whenDone.run();
    }
  }

  private ActorRef<SessionMessage> session(String... overrides) {
    Config config = ConfigFactory.parseString(String.join("\n", overrides)).withFallback(DEFAULTS);
    return KIT.spawn(
        SessionEntity.create(
            id,
            EntitySettings.of(config),
            Clock.systemUTC(),
            () -> sure,
            this::reclaim,
            new AwakeSessions(),
            NobodyAnswers.INSTANCE,
            (session, event) -> {},
            NoCallbacks.in(KIT.system())));
  }

  private ActorRef<SessionMessage> created(String... overrides) {
    ActorRef<SessionMessage> session = session(overrides);
    create(session);
    replies.expectMessageClass(SessionReply.Started.class);
    return session;
  }

  private void create(ActorRef<SessionMessage> session) {
    session.tell(
        new SessionMessage.Ask(
            new SessionCommand.Create(null, "t", "t", "{}", null, null, null, null, null, "run"),
            replies.ref()));
  }

  private void append(ActorRef<SessionMessage> session, String body, @Nullable String partId) {
    append(session, RecordContent.of(Bytes.utf8(body)), partId);
  }

  private void append(
      ActorRef<SessionMessage> session, RecordContent record, @Nullable String partId) {
    session.tell(
        new SessionMessage.Ask(
            Append.single(Channel.IN, record, partId == null ? null : PartId.of(partId)),
            replies.ref()));
  }

  private void read(ActorRef<SessionMessage> session, long from, Duration maxWait) {
    session.tell(new SessionMessage.Read(Channel.IN, 0, from, 1 << 20, maxWait, reads.ref()));
  }

  private long appended() {
    return replies.expectMessageClass(SessionReply.Appended.class).start().seq();
  }

  private List<Long> readNumbers() {
    return reads.expectMessageClass(ReadReply.Records.class).batch().records().stream()
        .map(SequencedRecord::seq)
        .toList();
  }

  private long recordEvents() {
    return journal.persistedInStorage(persistenceId).stream()
        .filter(SessionEvent.RecordsAppended.class::isInstance)
        .count();
  }

  @Test
  void appends_that_arrive_during_a_commit_share_the_next_one() {
    ActorRef<SessionMessage> session = created();
    long before = recordEvents();
    IntStream.range(0, 500).forEach(i -> append(session, "record " + i, null));
    List<Long> numbers = IntStream.range(0, 500).mapToObj(i -> appended()).toList();
    assertThat(numbers).isEqualTo(LongStream.range(0, 500).boxed().toList());
    assertThat(recordEvents() - before).isBetween(1L, 100L);
  }

  @Test
  void a_failed_commit_acknowledges_nothing_and_a_repetition_finds_out() {
    ActorRef<SessionMessage> session = created("min-backoff = 1ms, max-backoff = 5ms");
    journal.failNextPersisted(persistenceId);
    append(session, "first", "p");
    replies.expectMessageClass(SessionReply.OutcomeUnknown.class);
    append(session, "first", "p");
    assertThat(appended()).isZero();
    read(session, 0, Duration.ZERO);
    assertThat(readNumbers()).containsExactly(0L);
  }

  @Test
  void what_waited_behind_a_failed_commit_is_told_at_once() {
    HeldJournal held = new HeldJournal();
    journal.withPolicy(held);
    ActorRef<SessionMessage> session =
        session("group-max-records = 1, min-backoff = 10s, max-backoff = 20s");
    create(session);
    held.awaitFirstWrite();
    // Both come in while the first commit is under way, and so wait side by side for the next.
    append(session, "a", null);
    append(session, "b", null);
    held.letGoAndFailTheRest();
    replies.expectMessageClass(SessionReply.Started.class);
    replies.expectMessageClass(SessionReply.OutcomeUnknown.class, Duration.ofSeconds(2));
    replies.expectMessageClass(SessionReply.Overloaded.class, Duration.ofSeconds(2));
  }

  /** Holds the first write until it is let go, and fails all that follow. */
  private static final class HeldJournal implements ProcessingPolicy<JournalOperation> {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
      if (!(operation instanceof WriteEvents)) {
        return ProcessingSuccess.getInstance();
      }
      if (released.getCount() == 0) {
        return StorageFailure.create();
      }
      begun.countDown();
      await(released);
      return ProcessingSuccess.getInstance();
    }

    void awaitFirstWrite() {
      await(begun);
    }

    void letGoAndFailTheRest() {
      released.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void shows_nothing_that_it_remembers_while_others_may_have_taken_over() {
    ActorRef<SessionMessage> session = created();
    append(session, "known", "part");
    replies.expectMessageClass(SessionReply.Appended.class);

    sure = false;
    append(session, "known", "part");
    replies.expectMessageClass(SessionReply.Overloaded.class);
    TestProbe<Inspection> inspections = KIT.createTestProbe(Inspection.class);
    session.tell(new SessionMessage.Inspect(Channel.IN, inspections.ref()));
    read(session, 0, Duration.ofSeconds(5));
    // All before it has been handled when the journal confirms this one.
    append(session, "confirmed by the journal", null);
    replies.expectMessageClass(SessionReply.Appended.class);
    inspections.expectNoMessage(Duration.ZERO);
    reads.expectNoMessage(Duration.ZERO);

    sure = true;
    reads.expectMessageClass(ReadReply.Records.class);
  }

  @Test
  void a_read_at_the_tail_is_answered_by_the_next_record() {
    ActorRef<SessionMessage> session = created();
    read(session, 0, Duration.ofSeconds(10));
    reads.expectNoMessage(Duration.ofMillis(50));
    append(session, "now", null);
    assertThat(readNumbers()).containsExactly(0L);
  }

  @Test
  void a_read_at_the_tail_is_answered_at_its_deadline() {
    ActorRef<SessionMessage> session = created();
    read(session, 0, Duration.ofMillis(100));
    assertThat(reads.expectMessageClass(ReadReply.AtTail.class).tail().seq()).isZero();
  }

  @Test
  void records_that_cooled_down_are_left_to_the_journal() {
    ActorRef<SessionMessage> session = created("hot-tail-cool-down = 50ms");
    append(session, "a", null);
    append(session, "b", null);
    appended();
    appended();
    reads.awaitAssert(
        () -> {
          read(session, 1, Duration.ZERO);
          ReadReply.InJournal place = (ReadReply.InJournal) reads.receiveMessage();
          assertThat(place.fromSeq()).isEqualTo(1);
          assertThat(place.tail().seq()).isEqualTo(2);
          assertThat(place.fromVersion()).isLessThanOrEqualTo(place.toVersion());
          return place;
        });
  }

  @Test
  void trimmed_records_are_gone_for_every_read_at_once() {
    ActorRef<SessionMessage> session = created();
    IntStream.range(0, 5).forEach(i -> append(session, "r" + i, null));
    IntStream.range(0, 5).forEach(i -> appended());
    append(session, trim(3), null);
    appended();
    read(session, 0, Duration.ZERO);
    assertThat(readNumbers()).containsExactly(3L, 4L, 5L);
  }

  private static RecordContent trim(long to) {
    return new RecordContent(
        List.of(new Header(Bytes.EMPTY, Bytes.utf8("trim"))),
        Bytes.wrap(ByteBuffer.allocate(8).putLong(to).array()));
  }

  @Test
  void a_trim_that_is_worth_it_takes_a_snapshot_and_gives_the_space_back_from_the_last_time_on() {
    ActorRef<SessionMessage> session = created("snapshot-every-trimmed-bytes = 20");
    for (int i = 0; i < 10; i++) {
      append(session, "0123456789", null);
      appended();
    }
    append(session, trim(1), null);
    appended();
    assertThat(reclaims).isEmpty();
    append(session, trim(3), null);
    appended();
    // Two events create the session, and each record is one.
    assertThat(awaitReclaims(1).get(0))
        .isEqualTo(reclaim(14, new Reclaim.Trim(Channel.IN, 3, 3, 6)));
    append(session, trim(7), null);
    appended();
    assertThat(awaitReclaims(2).get(1))
        .isEqualTo(reclaim(15, new Reclaim.Trim(Channel.IN, 7, 6, 10)));
  }

  @Test
  void space_that_was_not_given_back_is_asked_for_again_also_when_the_session_wakes_up() {
    reclaiming = false;
    ActorRef<SessionMessage> session = created("snapshot-every-trimmed-bytes = 20");
    for (int i = 0; i < 10; i++) {
      append(session, "0123456789", null);
      appended();
    }
    append(session, trim(3), null);
    appended();
    append(session, trim(7), null);
    appended();
    Reclaim undone = reclaim(14, new Reclaim.Trim(Channel.IN, 7, 3, 10));
    assertThat(awaitReclaims(2).get(1)).isEqualTo(undone);
    TestProbe<Object> watcher = KIT.createTestProbe();
    session.tell(SessionMessage.Stop.INSTANCE);
    watcher.expectTerminated(session);

    reclaiming = true;
    ActorRef<SessionMessage> again = session("snapshot-every-trimmed-bytes = 20");
    assertThat(awaitReclaims(3).get(2)).isEqualTo(undone);
    append(again, trim(10), null);
    assertThat(appended()).isEqualTo(12);
    assertThat(awaitReclaims(4).get(3))
        .isEqualTo(reclaim(15, new Reclaim.Trim(Channel.IN, 10, 10, 13)));
  }

  private Reclaim reclaim(long version, Reclaim.Trim trim) {
    return new Reclaim(persistenceId, version, List.of(trim));
  }

  private List<Reclaim> awaitReclaims(int count) {
    return replies.awaitAssert(
        () -> {
          assertThat(reclaims).hasSize(count);
          return List.copyOf(reclaims);
        });
  }

  @Test
  void more_than_may_wait_is_refused_at_once() {
    ActorRef<SessionMessage> session = created("pending-max-count = 3");
    IntStream.range(0, 400).forEach(i -> append(session, "r" + i, null));
    Map<Boolean, Long> refused =
        IntStream.range(0, 400)
            .mapToObj(i -> replies.receiveMessage())
            .collect(
                java.util.stream.Collectors.partitioningBy(
                    SessionReply.Overloaded.class::isInstance,
                    java.util.stream.Collectors.counting()));
    assertThat(refused.get(true)).isPositive();
    TestProbe<Inspection> inspections = KIT.createTestProbe(Inspection.class);
    session.tell(new SessionMessage.Inspect(Channel.IN, inspections.ref()));
    assertThat(inspections.receiveMessage().tail().seq()).isEqualTo(refused.get(false));
  }

  @Test
  void a_session_wakes_up_from_its_snapshot_where_it_fell_asleep() {
    ActorRef<SessionMessage> session = created("snapshot-every-events = 5");
    for (int i = 0; i < 12; i++) {
      append(session, "r" + i, "part-" + i);
      assertThat(appended()).isEqualTo(i);
    }
    assertThat(snapshots.persistedInStorage(persistenceId)).isNotEmpty();
    replies.awaitAssert(
        () -> {
          // Two events create the session, so the fifth and the tenth event take a snapshot.
          assertThat(reclaims).extracting(Reclaim::version).containsExactly(5L, 10L);
          return reclaims;
        });
    TestProbe<Object> watcher = KIT.createTestProbe();
    session.tell(SessionMessage.Stop.INSTANCE);
    watcher.expectTerminated(session);
    ActorRef<SessionMessage> again = session();
    append(again, "r3", "part-3");
    assertThat(appended()).isEqualTo(3);
    append(again, "new", "part-new");
    assertThat(appended()).isEqualTo(12);
  }
}
