package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
import java.time.Duration;
import java.util.HexFormat;
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

/** What nodes say to each other about what is limited. */
class LimitMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final LimitMessageSerializer SERIALIZER =
      new LimitMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final RemoteFormat FORMAT = new RemoteFormat(SERIALIZER, KIT.system());
  private static final ActorRef<?> NOBODY = KIT.system().deadLetters();

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> remoteMessages() {
    return Stream.of(LimitMessage.class, Taken.class)
        .flatMap(type -> RandomMessages.leaves(type).stream())
        .filter(type -> !LimitMessageSerializer.LOCAL.contains(type));
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    FORMAT.comesThrough(type, List.of(NOBODY, KIT.createTestProbe().ref()));
  }

  static Stream<Class<?>> localMessages() {
    return LimitMessageSerializer.LOCAL.stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_a_counter_says_to_itself_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, List.of(NOBODY)).of(type));
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("take", new LimitMessage.Take(10, Duration.ofMinutes(15), NOBODY.unsafeUpcast()));
    all.put("forgive", new LimitMessage.Forgive());
    all.put("taken", new Taken(7, Duration.ofMillis(899_123)));
    return all;
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/limit-messages.txt", examples());
  }

  @Test
  void what_the_version_before_wrote_is_understood() throws Exception {
    byte[] withoutLimit =
        HexFormat.of().parseHex("0a1a70656b6b6f3a2f2f676f6c64656e2f646561644c65747465727310a0f736");
    assertThat(SERIALIZER.fromBinary(withoutLimit, "T"))
        .isEqualTo(
            new LimitMessage.Take(
                LimitMessageSerializer.NOT_TOLD, Duration.ofMinutes(15), NOBODY.unsafeUpcast()));
  }

  @Test
  void every_kind_has_an_example() {
    assertThat(examples().values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(remoteMessages().toList());
  }

  @Property(tries = 1_000)
  void what_is_no_message_is_refused(@ForAll long seed) throws Exception {
    FORMAT.survives(seed, List.of("T", "F", "t", "Z"), remoteMessages().toList());
  }
}
