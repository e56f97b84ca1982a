package dev.parley.entity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What accounts store can be read for ever, so it is written down here byte for byte. */
class StoredAccountsTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final AccountSerializer SERIALIZER =
      new AccountSerializer(RemoteFormat.classic(KIT.system()));

  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("signed-up", new AccountEvent.SignedUp("a@b.c", "$argon2id$x", THEN));
    all.put("organization-given", new AccountEvent.OrganizationGiven("org-1"));
    all.put("current-chosen", new AccountEvent.CurrentChosen("org-1"));
    all.put("logged-out-everywhere", new AccountEvent.LoggedOutEverywhere());
    all.put("established", new AccountEvent.Established("Mine é", 2_000, "user-1"));
    all.put("begun", new AccountEvent.Begun("user-1", 3, THEN, THEN.plusSeconds(60)));
    all.put("slid", new AccountEvent.Slid(THEN, THEN.plusSeconds(60)));
    all.put("logged-out", new AccountEvent.LoggedOut());
    all.put("offered", new AccountEvent.Offered("org-1", "user-1", "{\"a\":1}", THEN));
    all.put("taken", new AccountEvent.Taken(THEN));
    all.put("lapsed", new AccountEvent.Lapsed(THEN));
    all.put("user", new User("a@b.c", "$argon2id$x", THEN, List.of("org-1"), "org-1", 2));
    all.put("new-user", new User("a@b.c", "$argon2id$x", THEN, List.of(), null, 0));
    all.put("organization", new Organization("Mine", 2_000, Set.of("user-1")));
    all.put("session", new BrowserSession("user-1", 3, THEN, THEN.plusSeconds(60)));
    all.put("hand-off", new HandOff("org-1", "user-1", "{\"a\":1}", THEN, null, null));
    all.put("hand-off-taken", new HandOff("", "", "", THEN, THEN, null));
    all.put("hand-off-lapsed", new HandOff("", "", "", THEN, null, THEN));
    return all;
  }

  private static Map<String, String> writtenDown() throws IOException {
    try (InputStream lines = StoredAccountsTest.class.getResourceAsStream("/stored/accounts.txt")) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf(' ')),
                  line -> line.substring(line.indexOf(' ') + 1),
                  (one, other) -> one,
                  LinkedHashMap::new));
    }
  }

  @Test
  void what_is_stored_is_written_down() throws IOException {
    Map<String, String> actual = new LinkedHashMap<>();
    examples()
        .forEach(
            (name, object) ->
                actual.put(
                    name,
                    SERIALIZER.manifest(object)
                        + " "
                        + HexFormat.of().formatHex(SERIALIZER.toBinary(object))));
    assertThat(actual).isEqualTo(writtenDown());
  }

  @Test
  void what_was_written_down_is_read() throws IOException {
    Map<String, Object> examples = examples();
    for (Map.Entry<String, String> line : writtenDown().entrySet()) {
      String[] parts = line.getValue().split(" ", -1);
      assertThat(SERIALIZER.fromBinary(HexFormat.of().parseHex(parts[1]), parts[0]))
          .isEqualTo(examples.get(line.getKey()));
    }
  }

  static Stream<Class<?>> kinds() {
    return Stream.of(AccountEvent.class, AccountState.class)
        .flatMap(type -> RandomMessages.leaves(type).stream());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void every_kind_is_written_down(Class<?> kind) {
    assertThat(examples().values()).anyMatch(kind::isInstance);
  }

  @Test
  void what_is_unknown_or_damaged_is_refused() {
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[0], "?"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown manifest");
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {10, 99}, "U"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't be read");
    assertThatThrownBy(() -> SERIALIZER.toBinary("text"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
