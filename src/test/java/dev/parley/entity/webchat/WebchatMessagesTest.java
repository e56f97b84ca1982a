package dev.parley.entity.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
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

/** What the entities of the webchat and those who ask them say to each other between nodes. */
class WebchatMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final RemoteFormat FORMAT =
      new RemoteFormat(
          new WebchatMessageSerializer(RemoteFormat.classic(KIT.system())), KIT.system());

  private static final ActorRef<?> NOBODY = KIT.system().deadLetters();
  private static final EntryPoint ENTRY_POINT = new EntryPoint("agent", "acme", true);

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> remoteMessages() {
    return Stream.of(
            OrganizationMessage.class,
            OrganizationReply.class,
            EntryPointMessage.class,
            EntryPointReply.class)
        .flatMap(type -> RandomMessages.leaves(type).stream())
        .filter(type -> !WebchatMessageSerializer.LOCAL.contains(type));
  }

  /** Absent texts are empty ones on the wire, and no key or id is empty. */
  private static RandomMessages random(long seed) {
    return new RandomMessages(seed, List.of(NOBODY, KIT.createTestProbe().ref()))
        .with(
            OrganizationSettings.class,
            random ->
                new OrganizationSettings(
                    random.nextBoolean() ? WidgetDomain.OWN : WidgetDomain.PROXY,
                    List.of("https://é" + random.nextInt(9)),
                    random.nextBoolean() ? null : "wc_" + random.nextInt(9)));
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      FORMAT.comesThrough(random(seed).of(type));
    }
  }

  static Stream<Class<?>> localMessages() {
    return WebchatMessageSerializer.LOCAL.stream();
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_a_shard_says_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, List.of(NOBODY)).of(type));
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(
        "change",
        new OrganizationMessage.Change(
            WidgetDomain.PROXY, List.of("https://a"), "wc_k", NOBODY.unsafeUpcast()));
    all.put(
        "change-nothing",
        new OrganizationMessage.Change(null, null, "wc_k", NOBODY.unsafeUpcast()));
    all.put(
        "change-to-any-origin",
        new OrganizationMessage.Change(null, List.of(), "wc_k", NOBODY.unsafeUpcast()));
    all.put("tell", new OrganizationMessage.Tell("wc_k", NOBODY.unsafeUpcast()));
    all.put("rotate", new OrganizationMessage.Rotate("wc_k", NOBODY.unsafeUpcast()));
    all.put("look", new OrganizationMessage.Look(NOBODY.unsafeUpcast()));
    all.put(
        "settings",
        new OrganizationReply(
            new OrganizationSettings(WidgetDomain.OWN, List.of("https://a"), "wc_k")));
    all.put("no-settings", new OrganizationReply(OrganizationSettings.INITIAL));
    all.put("put", new EntryPointMessage.Put(ENTRY_POINT, NOBODY.unsafeUpcast()));
    all.put("remove", new EntryPointMessage.Remove(NOBODY.unsafeUpcast()));
    all.put("tell-entry-point", new EntryPointMessage.Tell(NOBODY.unsafeUpcast()));
    all.put("entry-point", new EntryPointReply(null, ENTRY_POINT));
    all.put("no-entry-point", new EntryPointReply(ENTRY_POINT, null));
    return all;
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/webchat-messages.txt", examples());
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
        List.of("C", "S", "K", "L", "s", "P", "R", "E", "e", "Z"),
        remoteMessages().filter(type -> type != OrganizationReply.class).toList());
  }
}
