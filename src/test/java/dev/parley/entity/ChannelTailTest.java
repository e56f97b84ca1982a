package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChannelTailTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final EntityTypeKey<SessionMessage> TYPE =
      EntityTypeKey.create(SessionMessage.class, "Session");

  private static final Tails.Key KEY = new Tails.Key(SessionId.random("env"), Channel.OUT, 0);

  private final TestProbe<SessionMessage> session = KIT.createTestProbe(SessionMessage.class);
  private final ActorRef<ChannelTail.Message> tail =
      KIT.spawn(
          ChannelTail.create(
              KEY,
              TestEntityRef.of(TYPE, "session", session.getRef()),
              KIT.createTestProbe(Tails.Message.class).getRef()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private TestProbe<ReadReply> follow(long fromSeq) {
    TestProbe<ReadReply> reader = KIT.createTestProbe(ReadReply.class);
    tail.tell(new ChannelTail.Follow(new Tails.Next(KEY, fromSeq, 1_000, reader.getRef())));
    return reader;
  }

  private SessionMessage.Read pull(long fromSeq) {
    SessionMessage.Read read = session.expectMessageClass(SessionMessage.Read.class);
    assertThat(read.fromSeq()).isEqualTo(fromSeq);
    return read;
  }

  private static ReadReply.Records records(long firstSeq, long endSeq) {
    return records(firstSeq, endSeq, "{}");
  }

  private static ReadReply.Records records(long firstSeq, long endSeq, String body) {
    RecordContent content = RecordContent.of(Bytes.utf8(body));
    return new ReadReply.Records(
        new RecordBatch(
            LongStream.range(firstSeq, endSeq)
                .mapToObj(seq -> new SequencedRecord(seq, seq, content))
                .toList(),
            new Position(endSeq, endSeq)));
  }

  private static ReadReply.AtTail atTail(long seq) {
    return new ReadReply.AtTail(new Position(seq, seq));
  }

  @Test
  void readers_at_one_place_share_a_pull_and_its_answer() {
    List<TestProbe<ReadReply>> readers = List.of(follow(5), follow(5), follow(5));
    ReadReply answer = records(5, 8);
    pull(5).replyTo().tell(answer);
    readers.forEach(reader -> assertThat(reader.receiveMessage()).isSameAs(answer));
    // Who comes a little later gets the same batch, and the session hears nothing of it.
    assertThat(((ReadReply.Records) follow(5).receiveMessage()).batch())
        .isSameAs(((ReadReply.Records) answer).batch());
    follow(8);
    pull(8);
  }

  @Test
  void a_mebibyte_is_remembered_for_readers_who_are_a_little_behind() {
    String body = "x".repeat(400_000);
    for (int seq = 0; seq < 3; seq++) {
      TestProbe<ReadReply> reader = follow(seq);
      pull(seq).replyTo().tell(records(seq, seq + 1, body));
      reader.receiveMessage();
    }
    for (int seq = 1; seq < 3; seq++) {
      ReadReply.Records near = (ReadReply.Records) follow(seq).receiveMessage();
      assertThat(near.batch().firstSeq()).isEqualTo(seq);
    }
    TestProbe<ReadReply> behind = follow(0);
    // It is the session that answers, and the reader itself that is answered.
    assertThat(pull(0).replyTo()).isEqualTo(behind.getRef());
  }

  @Test
  void a_late_answer_reaches_nobody_who_waits_elsewhere_by_then() {
    TestProbe<ReadReply> first = follow(10);
    SessionMessage.Read lost = pull(10);
    tail.tell(ChannelTail.AskAgain.INSTANCE);
    pull(10).replyTo().tell(atTail(10));
    assertThat(first.receiveMessage()).isEqualTo(atTail(10));

    TestProbe<ReadReply> second = follow(3);
    SessionMessage.Read asked = pull(3);
    lost.replyTo().tell(atTail(10));
    // Both come from here, so the first has been seen when the second is.
    ReadReply answer = records(3, 5);
    asked.replyTo().tell(answer);
    assertThat(second.receiveMessage()).isSameAs(answer);
  }

  @Test
  void records_that_go_on_where_readers_wait_are_welcome_however_late() {
    TestProbe<ReadReply> reader = follow(10);
    SessionMessage.Read late = pull(10);
    tail.tell(ChannelTail.AskAgain.INSTANCE);
    SessionMessage.Read again = pull(10);
    late.replyTo().tell(records(10, 12));
    reader.expectMessageClass(ReadReply.Records.class);

    TestProbe<ReadReply> next = follow(12);
    SessionMessage.Read asked = pull(12);
    again.replyTo().tell(records(10, 12));
    asked.replyTo().tell(records(12, 13));
    assertThat(((ReadReply.Records) next.receiveMessage()).batch().firstSeq()).isEqualTo(12);
  }

  @Test
  void a_pull_that_may_be_lost_is_asked_again_only_while_it_is_awaited() {
    TestProbe<ReadReply> reader = follow(1);
    pull(1).replyTo().tell(records(1, 2));
    reader.receiveMessage();
    tail.tell(ChannelTail.AskAgain.INSTANCE);
    follow(2);
    pull(2);
    tail.tell(ChannelTail.AskAgain.INSTANCE);
    pull(2);
  }

  @Test
  void who_follows_a_tail_that_stops_is_sent_to_ask_again() {
    TestProbe<ReadReply> reader = follow(7);
    tail.tell(ChannelTail.Stop.INSTANCE);
    assertThat(reader.receiveMessage()).isEqualTo(new ReadReply.AtTail(new Position(7, 0)));
  }
}
