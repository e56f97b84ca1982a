package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.shared.FrameLine;
import dev.parley.http.shared.FrameStage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A WebSocket between its client and its connection. */
class FrameStageTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void it_closes_when_its_connection_ended_before_it_began() throws Exception {
    ActorRef<ConnectionCommand> gone = KIT.spawn(Behaviors.stopped());
    KIT.createTestProbe().expectTerminated(gone, Duration.ofSeconds(20));
    assertThat(run(gone, Source.maybe()).toCompletableFuture().get(20, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void it_brings_a_packet_only_when_asked() {
    TestProbe<ConnectionCommand> connection = KIT.createTestProbe();
    EnginePacket first = new EnginePacket.Text("first");
    EnginePacket second = new EnginePacket.Text("second");
    run(connection.ref(), Source.from(List.of(first, second)));
    FrameLine channel = connection.expectMessageClass(ConnectionCommand.Opened.class).channel();
    connection.expectMessageClass(ConnectionCommand.Writable.class);
    connection.expectNoMessage(Duration.ofMillis(100));
    channel.next();
    connection.expectMessage(new ConnectionCommand.Received(channel, first));
    connection.expectNoMessage(Duration.ofMillis(100));
    channel.next();
    connection.expectMessage(new ConnectionCommand.Received(channel, second));
    connection.expectMessage(new ConnectionCommand.Closed(channel));
  }

  @Test
  void it_closes_after_what_was_written_however_often_it_is_told() throws Exception {
    TestProbe<ConnectionCommand> connection = KIT.createTestProbe();
    CompletionStage<List<Message>> written = run(connection.ref(), Source.maybe());
    FrameLine channel = connection.expectMessageClass(ConnectionCommand.Opened.class).channel();
    connection.expectMessageClass(ConnectionCommand.Writable.class);
    channel.write(List.of("1", "2", "3"));
    channel.close();
    channel.close();
    assertThat(written.toCompletableFuture().get(20, TimeUnit.SECONDS))
        .extracting(message -> message.asTextMessage().getStrictText())
        .containsExactly("1", "2", "3");
  }

  private static CompletionStage<List<Message>> run(
      ActorRef<ConnectionCommand> connection, Source<EnginePacket, ?> packets) {
    return packets
        .via(Flow.fromGraph(new FrameStage<>(new ConnectionOwner(connection))))
        .runWith(Sink.seq(), KIT.system());
  }
}
