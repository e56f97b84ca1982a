package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.TestServer;
import dev.parley.journal.ChannelJournal;
import dev.parley.journal.DatabaseAddress;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import dev.parley.tracing.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class ChannelSourceTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));
  private static final Tails.Key KEY = new Tails.Key(SessionId.random("env"), Channel.IN, 0);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void a_drain_reaches_the_inspected_end_although_a_kept_batch_knows_an_older_one()
      throws Exception {
    TestProbe<Tails.Message> tails = KIT.createTestProbe(Tails.Message.class);
    ChannelSource.Spec drain =
        new ChannelSource.Spec(
            KEY,
            0,
            new Position(3, 30),
            ChannelSource.Ending.AT_THE_TAIL,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    ChannelJournal unused =
        new ChannelJournal(
            null,
            task -> {
              throw new AssertionError("everything is in memory");
            });
    CompletionStage<List<ReadEvent>> events =
        Source.fromGraph(
                new ChannelSource(
                    drain, tails.getRef(), unused, new Leaving(), new Readership(Tracing.OFF)))
            .runWith(Sink.seq(), KIT.system());

    answer(tails, 0, new ReadReply.Records(batch(0, 1, new Position(1, 10))));
    answer(tails, 1, new ReadReply.Records(batch(1, 3, new Position(3, 30))));

    List<ReadEvent> seen = events.toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertThat(
            seen.stream()
                .filter(ReadEvent.Batch.class::isInstance)
                .flatMap(event -> ((ReadEvent.Batch) event).records().records().stream())
                .map(SequencedRecord::seq))
        .containsExactly(0L, 1L, 2L);
    assertThat(seen).last().isInstanceOf(ReadEvent.Done.class);
  }

  @Test
  void moves_on_when_all_that_the_journal_should_hold_has_been_trimmed_away() throws Exception {
    DatabaseAddress database = TestServer.database();
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(database.jdbcUrl());
    dataSource.setUser(database.user());
    dataSource.setPassword(database.password());
    TestProbe<Tails.Message> tails = KIT.createTestProbe(Tails.Message.class);
    ChannelSource.Spec drain =
        new ChannelSource.Spec(
            KEY,
            0,
            new Position(5, 50),
            ChannelSource.Ending.AT_THE_TAIL,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    CompletionStage<List<ReadEvent>> events =
        Source.fromGraph(
                new ChannelSource(
                    drain,
                    tails.getRef(),
                    new ChannelJournal(dataSource, Runnable::run),
                    new Leaving(),
                    new Readership(Tracing.OFF)))
            .runWith(Sink.seq(), KIT.system());

    // An owner that was overtaken would give this answer again and again.
    answer(tails, 0, new ReadReply.InJournal(0, new Position(3, 30), 1, 7));
    answer(tails, 3, new ReadReply.Records(batch(3, 5, new Position(5, 50))));

    assertThat(events.toCompletableFuture().get(5, TimeUnit.SECONDS))
        .hasSize(2)
        .last()
        .isInstanceOf(ReadEvent.Done.class);
  }

  private static void answer(TestProbe<Tails.Message> tails, long fromSeq, ReadReply reply) {
    Tails.Next next = tails.expectMessageClass(Tails.Next.class);
    assertThat(next.fromSeq()).isEqualTo(fromSeq);
    next.replyTo().tell(reply);
  }

  private static RecordBatch batch(long firstSeq, long endSeq, Position tail) {
    return new RecordBatch(
        LongStream.range(firstSeq, endSeq)
            .mapToObj(seq -> new SequencedRecord(seq, 10 * seq, RecordContent.of(Bytes.utf8("{}"))))
            .toList(),
        tail);
  }
}
