package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Lifetime;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each renewal is told, although several share a record (across.md section 2). */
class SessionRenewalsTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  private final SessionId id = SessionId.random(TestServer.ACME);

  @BeforeEach
  void create() {
    ask(
        new SessionCommand.Create(
            null,
            "t",
            "t",
            "{}",
            List.of(),
            null,
            null,
            new TimeoutPolicy(30, true, 720, 5),
            null,
            "r"));
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private SessionReply ask(SessionCommand command) {
    return await(TestServer.sessions().ask(id, command));
  }

  private SessionReply.Alive renew() {
    return (SessionReply.Alive) ask(new SessionCommand.Touch(Activity.MANUAL));
  }

  private CompletableFuture<List<Renewals>> watch(long afterCount, Duration maxWait) {
    return TestServer.sessions().renewals(id, afterCount, maxWait).toCompletableFuture();
  }

  /** One by one, whether they leave the same end or not. */
  private static List<Renewals> each(List<Renewals> renewals) {
    return renewals.stream()
        .flatMap(
            some ->
                LongStream.rangeClosed(some.firstCount(), some.lastCount())
                    .mapToObj(count -> new Renewals(count, count, some.expiresAt(), some.cause())))
        .toList();
  }

  @Test
  void who_is_behind_gets_all_that_is_remembered_at_once() {
    List<Renewals> expected =
        LongStream.rangeClosed(1, 5)
            .mapToObj(
                count ->
                    new Renewals(count, count, renew().lifetime().expiresAt(), Activity.MANUAL))
            .toList();
    assertThat(each(await(watch(0, LONG)))).isEqualTo(expected);
    assertThat(each(await(watch(3, LONG)))).isEqualTo(expected.subList(3, 5));
    assertThat(await(watch(5, Duration.ZERO))).isEmpty();
  }

  @Test
  void who_is_up_to_date_waits_for_the_next() {
    renew();
    CompletableFuture<List<Renewals>> next = watch(1, LONG);
    CompletableFuture<List<Renewals>> other = watch(1, LONG);
    Renewals renewals = new Renewals(2, 2, renew().lifetime().expiresAt(), Activity.MANUAL);
    assertThat(await(next)).containsExactly(renewals);
    assertThat(await(other)).containsExactly(renewals);
  }

  @Test
  void who_waits_in_vain_is_told_in_time() {
    renew();
    assertThat(await(watch(1, Duration.ofMillis(1)))).isEmpty();
  }

  @Test
  void renewals_of_one_commit_are_counted_each() {
    renew();
    SessionCommand.Append message =
        SessionCommand.Append.single(Channel.IN, RecordContent.of(Bytes.utf8("x")), null);
    ask(new SessionCommand.AppendSeries(List.of(message, message, message)));
    List<Renewals> all = await(watch(1, LONG));
    assertThat(all).containsExactly(new Renewals(2, 4, all.get(0).expiresAt(), Activity.MESSAGE));
    assertThat(await(watch(3, LONG)))
        .containsExactly(new Renewals(4, 4, all.get(0).expiresAt(), Activity.MESSAGE));
  }

  @Test
  void only_the_newest_are_remembered() {
    // Renewals within a millisecond leave the same end and are kept as one.
    Set<Instant> ends = new HashSet<>();
    long count = 0;
    while (ends.size() < 66) {
      Lifetime renewed = renew().lifetime();
      ends.add(renewed.expiresAt());
      count = renewed.renewalCount();
    }
    List<Renewals> all = await(watch(0, LONG));
    assertThat(all).hasSizeLessThanOrEqualTo(64);
    assertThat(all.get(0).firstCount()).isGreaterThan(1);
    assertThat(all.get(all.size() - 1).lastCount()).isEqualTo(count);
  }
}
