package dev.parley.agent.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.HttpEndpoint;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a registry and those who ask it say to each other between nodes. */
class RegistryMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final RegistryMessageSerializer SERIALIZER =
      new RegistryMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final RemoteFormat FORMAT = new RemoteFormat(SERIALIZER, KIT.system());
  private static final ActorRef<?> NOBODY = KIT.system().deadLetters();
  private static final String ID = "00000000-0000-4000-8000-000000000001";

  private static final List<AgentKind> KINDS =
      List.of(
          new AgentKind.Echo(),
          new AgentKind.Webhook(HttpEndpoint.of("http://a/b", List.of()), "SECRET", 5),
          new AgentKind.OpenAi(HttpEndpoint.of("http://a/v1", List.of()), "m", null, "", 0),
          new AgentKind.OpenAi(HttpEndpoint.of("http://a/v1", List.of()), "m", "KEY", "be é", 9),
          new AgentKind.Attached(Duration.ofSeconds(30)));

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  private static AgentDefinition agent(String id, AgentKind kind, String text) {
    return new AgentDefinition(
        id,
        "name" + text,
        List.of("task-" + id),
        new AgentSettings(Map.of("SESSION_TIMEOUT_MINUTES", "5")),
        true,
        kind,
        new AgentLimits(Duration.ofSeconds(60), Duration.ofSeconds(30), 3, Duration.ofMillis(500)));
  }

  private static AgentDefinition random(Random random) {
    return agent(
        new UUID(random.nextLong(), random.nextLong()).toString(),
        KINDS.get(random.nextInt(KINDS.size())),
        "é".repeat(random.nextInt(3)));
  }

  static Stream<Class<?>> remoteMessages() {
    return Stream.of(RegistryMessage.class, RegistryReply.class, RegistryPage.class)
        .flatMap(type -> RandomMessages.leaves(type).stream())
        .filter(type -> !RegistryMessageSerializer.LOCAL.contains(type));
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      FORMAT.comesThrough(
          new RandomMessages(seed, List.of(NOBODY, KIT.createTestProbe().ref()))
              .with(AgentDefinition.class, RegistryMessagesTest::random)
              .of(type));
    }
  }

  static Stream<Class<?>> localMessages() {
    return RegistryMessageSerializer.LOCAL.stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_a_registry_says_to_itself_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, List.of(NOBODY)).of(type));
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < KINDS.size(); i++) {
      all.put(
          "put-" + i, new RegistryMessage.Put(agent(ID, KINDS.get(i), "x"), NOBODY.unsafeUpcast()));
    }
    all.put("remove", new RegistryMessage.Remove(ID, NOBODY.unsafeUpcast()));
    all.put("switch", new RegistryMessage.Switch(ID, true, NOBODY.unsafeUpcast()));
    all.put("read", new RegistryMessage.Read(7, Duration.ofMillis(1_500), NOBODY.unsafeUpcast()));
    all.put("done", new RegistryReply.Done(8, true));
    all.put("no-such-agent", new RegistryReply.NoSuchAgent());
    all.put("conflict", new RegistryReply.Conflict("taken"));
    all.put(
        "page",
        new RegistryPage(
            8, true, List.of(ID), List.of(agent(ID, KINDS.get(0), "x")), Map.of("b", true)));
    return all;
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/registry-messages.txt", examples());
  }

  @Test
  void every_kind_has_an_example() {
    assertThat(examples().values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(remoteMessages().toList());
  }

  @Property(tries = 1_000)
  void what_is_no_message_is_refused(@ForAll long seed) throws Exception {
    FORMAT.survives(
        seed,
        List.of("P", "R", "T", "C", "c", "p", "Z"),
        remoteMessages()
            .filter(type -> type != RegistryMessage.Put.class && type != RegistryPage.class)
            .toList());
  }

  @Test
  void a_page_of_the_largest_registry_fits_into_a_message() {
    RegistryState state = RegistryState.EMPTY;
    for (AgentDefinition agent :
        IntStream.range(0, RegistryRules.MAX_AGENTS)
            .mapToObj(
                i ->
                    agent(
                        "00000000-0000-4000-8000-" + "%012d".formatted(i),
                        new AgentKind.OpenAi(
                            HttpEndpoint.of("http://a", List.of()),
                            "m",
                            null,
                            // As large as a body of the API can make the agent that just fits.
                            "x".repeat(i % 100 == 60 ? 65_536 : 8_000),
                            1),
                        ""))
            .toList()) {
      state = state.apply(new RegistryEvent.AgentPut(agent));
    }
    long since = 0;
    for (int pages = 1; ; pages++) {
      RegistryPage page = state.page(since);
      assertThat(SERIALIZER.toBinary(page).length).isLessThan(RemoteFormat.MAX_BYTES);
      since = page.version();
      if (page.complete()) {
        assertThat(pages).isGreaterThan(10);
        return;
      }
    }
  }
}
