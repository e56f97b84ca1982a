package dev.parley.agent.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.HttpEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds of a registry, the pages its readers get, and the bytes it is stored as. */
class RegistryRulesTest {
  private static final AgentLimits LIMITS =
      new AgentLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), 3, Duration.ofMillis(4));

  private final RegistryRules rules = new RegistryRules(new AgentSnapshot(List.of()));

  private static AgentDefinition agent(String id, String name, AgentKind kind) {
    return new AgentDefinition(id, name, List.of(), AgentSettings.NONE, true, kind, LIMITS);
  }

  private static AgentDefinition prompted(String prompt) {
    return agent(
        UUID.randomUUID().toString(),
        "M",
        new AgentKind.OpenAi(HttpEndpoint.of("https://a", List.of()), "m", null, prompt, 0));
  }

  private static AgentDefinition echo() {
    return agent(UUID.randomUUID().toString(), "E", new AgentKind.Echo());
  }

  /** Fills a registry as far as the rules allow. */
  private RegistryState fill(Supplier<AgentDefinition> agents) {
    RegistryState state = RegistryState.EMPTY;
    while (true) {
      RegistryRules.Decision decision = rules.put(state, agents.get());
      if (decision.event() == null) {
        assertThat(decision.reply()).isInstanceOf(RegistryReply.Conflict.class);
        return state;
      }
      state = state.apply(decision.event());
      assertThat(decision.reply()).isEqualTo(new RegistryReply.Done(state.version(), true));
    }
  }

  @Test
  void a_registry_is_full_when_it_has_too_many_agents_or_too_large_ones() {
    assertThat(fill(RegistryRulesTest::echo).agents()).hasSize(RegistryRules.MAX_AGENTS);
    RegistryState large = fill(() -> prompted("x".repeat(60_000)));
    assertThat(large.bytes()).isBetween(RegistryRules.MAX_BYTES - 61_000, RegistryRules.MAX_BYTES);
    AgentDefinition one = large.definitions().get(0);
    assertThat(rules.put(large, one.withStarted(false)).event()).isNotNull();
    assertThat(rules.put(large, one).event()).isNull();
    assertThat(rules.put(large, one).reply())
        .isEqualTo(new RegistryReply.Done(large.version(), false));
  }

  /** A reader that asks at any time, page by page, ends with what the registry has. */
  @Test
  void a_reader_that_follows_has_what_the_registry_has() {
    Random random = new Random(7);
    RegistryState state = RegistryState.EMPTY;
    Map<String, AgentDefinition> copy = new HashMap<>();
    long version = 0;
    for (int i = 0; i < 400; i++) {
      List<AgentDefinition> all = state.definitions();
      RegistryRules.Decision decision =
          all.size() < 20 || random.nextInt(3) == 0
              ? rules.put(state, prompted("x".repeat(random.nextInt(60_000))))
              : random.nextBoolean()
                  ? rules.remove(state, all.get(random.nextInt(all.size())).id())
                  : rules.switchTo(
                      state, all.get(random.nextInt(all.size())).id(), random.nextBoolean());
      if (decision.event() != null) {
        state = state.apply(decision.event());
      }
      if (random.nextInt(10) == 0) {
        RegistryPage page = state.page(version);
        copy.keySet().retainAll(page.present());
        page.changed().forEach(agent -> copy.put(agent.id(), agent));
        version = page.version();
        if (page.complete()) {
          assertThat(page.present().stream().map(copy::get)).isEqualTo(state.definitions());
        }
        assertThat(page.changed()).hasSizeLessThan(200);
      }
    }
    assertThat(state.page(Long.MAX_VALUE).changed()).isNotEmpty();
  }

  static Stream<Arguments> stored() {
    String id = "aaaaaaaa-0000-0000-0000-00000000000A";
    AgentDefinition webhook =
        new AgentDefinition(
            id,
            "W",
            List.of("t"),
            new AgentSettings(Map.of("SESSION_AUTO_RENEW", "true")),
            true,
            new AgentKind.Webhook(HttpEndpoint.of("https://a/b?c", List.of()), "V", 5),
            LIMITS);
    RegistryState state =
        RegistryState.EMPTY
            .apply(new RegistryEvent.AgentPut(agent(id, "E", new AgentKind.Echo())))
            .apply(new RegistryEvent.AgentSwitched("B", false, true));
    return Stream.of(
        Arguments.of(
            "P",
            new RegistryEvent.AgentPut(webhook),
            "0a6c0a2461616161616161612d303030302d303030302d303030302d303030303030303030303041"
                + "1201571a0174221a0a1253455353494f4e5f4155544f5f52454e45571204747275652801320a08e8"
                + "0710d00f1803200442140a0d68747470733a2f2f612f623f631201561805"),
        Arguments.of(
            "P",
            new RegistryEvent.AgentPut(
                agent(
                    id,
                    "M",
                    new AgentKind.OpenAi(
                        HttpEndpoint.of("https://a", List.of()), "m", "K", "p", 1))),
            "0a4f0a2461616161616161612d303030302d303030302d303030302d303030303030303030303041"
                + "12014d2801320a08e80710d00f180320044a160a0968747470733a2f2f6112016d1a014b22017028"
                + "01"),
        Arguments.of(
            "P",
            new RegistryEvent.AgentPut(
                agent(id, "A", new AgentKind.Attached(Duration.ofSeconds(30)))),
            "0a3d0a2461616161616161612d303030302d303030302d303030302d303030303030303030303041"
                + "1201412801320a08e80710d00f18032004520408b0ea01"),
        Arguments.of(
            "R",
            new RegistryEvent.AgentRemoved(id),
            "0a2461616161616161612d303030302d303030302d303030302d303030303030303030303041"),
        Arguments.of(
            "T",
            new RegistryEvent.AgentSwitched(id, true, true),
            "0a2461616161616161612d303030302d303030302d303030302d3030303030303030303030411001"
                + "1801"),
        Arguments.of(
            "S",
            state,
            "0802123d0a390a2461616161616161612d303030302d303030302d303030302d3030303030303030"
                + "303030411201452801320a08e80710d00f180320043a0010011a050a01621000"));
  }

  /** Bytes that are out there: add fields, never change or reuse one. */
  @ParameterizedTest
  @MethodSource("stored")
  void what_is_stored_stays_readable(String manifest, Object object, String hex) {
    RegistrySerializer serializer = new RegistrySerializer(null);
    assertThat(serializer.identifier()).isEqualTo(8_450_002);
    assertThat(serializer.manifest(object)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(serializer.toBinary(object))).isEqualTo(hex);
    assertThat(serializer.fromBinary(HexFormat.of().parseHex(hex), manifest)).isEqualTo(object);
  }
}
