package dev.parley.agent.attached;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What attached agents, workers and the owners of turns say to each other between nodes. */
class AttachedMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final AttachedMessageSerializer SERIALIZER =
      new AttachedMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final RemoteFormat FORMAT = new RemoteFormat(SERIALIZER, KIT.system());
  private static final ActorRef<?> NOBODY = KIT.system().deadLetters();
  private static final OpenTurn TURN = new OpenTurn("env", "agent", "session_1", "chat-é", 7, 2);

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> remoteMessages() {
    return Stream.of(AttachedMessage.class, WorkerReply.class, Offered.class)
        .flatMap(type -> RandomMessages.leaves(type).stream())
        .filter(type -> !AttachedMessageSerializer.LOCAL.contains(type));
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    FORMAT.comesThrough(type, List.of(NOBODY, KIT.createTestProbe().ref()));
  }

  static Stream<Class<?>> localMessages() {
    return AttachedMessageSerializer.LOCAL.stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_an_agent_says_to_itself_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, List.of(NOBODY)).of(type));
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    Duration wait = Duration.ofMillis(1_500);
    all.put("attach", new AttachedMessage.Attach("w1", wait, NOBODY.unsafeUpcast()));
    all.put("leave", new AttachedMessage.Leave("w1", NOBODY.unsafeUpcast()));
    all.put("next", new AttachedMessage.Next("w1", wait, NOBODY.unsafeUpcast()));
    all.put("living", new AttachedMessage.Living(NOBODY.unsafeUpcast()));
    all.put("offer", new AttachedMessage.Offer(TURN, "w1", NOBODY.unsafeUpcast()));
    all.put("offer-anew", new AttachedMessage.Offer(TURN, null, NOBODY.unsafeUpcast()));
    all.put("withdraw", new AttachedMessage.Withdraw(TURN));
    all.put("waiting", new Offered.Waiting());
    all.put("claimed", new Offered.Claimed("w1"));
    all.put(
        "attached",
        new WorkerReply.Attached(
            Instant.ofEpochMilli(1_795_166_745_123L), List.of(new HandedTurn(TURN, true))));
    all.put("full", new WorkerReply.Full());
    all.put("handed", new WorkerReply.Handed(new HandedTurn(TURN, false)));
    all.put("nothing", new WorkerReply.Nothing());
    all.put("not-attached", new WorkerReply.NotAttached());
    all.put("left", new WorkerReply.Left());
    return all;
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/attached-messages.txt", examples());
  }

  @Test
  void every_kind_has_an_example() {
    assertThat(examples().values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(remoteMessages().toList());
  }

  @Property(tries = 1_000)
  void what_is_no_message_is_refused(@ForAll long seed) throws Exception {
    FORMAT.survives(
        seed, List.of("A", "L", "N", "V", "O", "o", "W", "w", "Z"), remoteMessages().toList());
  }

  /** A worker has so many turns at most, each with a long name. */
  @Test
  void all_turns_of_a_worker_fit_into_a_message() {
    OpenTurn turn =
        new OpenTurn(
            "e".repeat(64),
            "a".repeat(36),
            "session_" + "0".repeat(32),
            "😀".repeat(128),
            Long.MAX_VALUE,
            Integer.MAX_VALUE);
    WorkerReply reply =
        new WorkerReply.Attached(
            Instant.ofEpochMilli(Long.MAX_VALUE),
            Collections.nCopies(TurnBoard.MAX_HELD, new HandedTurn(turn, true)));
    assertThat(SERIALIZER.toBinary(reply).length).isLessThan(RemoteFormat.MAX_BYTES);
  }
}
