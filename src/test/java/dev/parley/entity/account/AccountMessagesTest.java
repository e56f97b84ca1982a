package dev.parley.entity.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.remote.RandomMessages;
import dev.parley.entity.remote.RemoteFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** What accounts and those who ask them say to each other between nodes. */
class AccountMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final AccountMessageSerializer SERIALIZER =
      new AccountMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final RemoteFormat FORMAT = new RemoteFormat(SERIALIZER, KIT.system());
  private static final ActorRef<?> NOBODY = KIT.system().deadLetters();
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> remoteMessages() {
    return Stream.of(AccountMessage.class, AccountReply.class, LoginEnded.class)
        .flatMap(type -> RandomMessages.leaves(type).stream())
        .filter(type -> !AccountMessageSerializer.LOCAL.contains(type));
  }

  static Stream<Class<?>> commands() {
    return RandomMessages.leaves(AccountCommand.class).stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    FORMAT.comesThrough(type, List.of(NOBODY, KIT.createTestProbe().ref()));
  }

  static Stream<Class<?>> localMessages() {
    return AccountMessageSerializer.LOCAL.stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_an_actor_says_to_itself_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, List.of(NOBODY)).of(type));
  }

  private static AccountMessage.Question question(AccountCommand command) {
    return new AccountMessage.Question(command, NOBODY.unsafeUpcast());
  }

  private static Map<String, Object> examples() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sign-up", question(new AccountCommand.SignUp("a@b.c", "$argon2id$x")));
    all.put("credentials", question(new AccountCommand.Credentials()));
    all.put("look-at-user", question(new AccountCommand.LookAtUser()));
    all.put("settle", question(new AccountCommand.Settle("org-1")));
    all.put("log-out-everywhere", question(new AccountCommand.LogOutEverywhere()));
    all.put("look-at-organization", question(new AccountCommand.LookAtOrganization()));
    all.put("establish", question(new AccountCommand.Establish("Mine é", 2_000, "user-1")));
    all.put("begin", question(new AccountCommand.Begin("user-1", 3, Duration.ofDays(7))));
    all.put("look-at-session", question(new AccountCommand.LookAtSession(null)));
    all.put("slide", question(new AccountCommand.LookAtSession(Duration.ofHours(12))));
    all.put("end", question(new AccountCommand.End()));
    all.put("offer", question(new AccountCommand.Offer("org-1", "user-1", "{\"a\":1}")));
    all.put("take", question(new AccountCommand.Take()));
    all.put("not-now", new AccountReply.NotNow());
    all.put("no-such-user", new AccountReply.NoSuchUser());
    all.put("email-taken", new AccountReply.EmailTaken());
    all.put("user", new AccountReply.User("a@b.c", THEN, List.of("org-1", "org-2"), "org-2", 4));
    all.put("new-user", new AccountReply.User("a@b.c", THEN, List.of(), null, 0));
    all.put("user-credentials", new AccountReply.UserCredentials("$argon2id$x", 4));
    all.put("no-such-organization", new AccountReply.NoSuchOrganization());
    all.put("organization", new AccountReply.Organization("Mine", 2_000, Set.of("user-1")));
    all.put("no-such-session", new AccountReply.NoSuchSession());
    all.put("session", new AccountReply.Session("user-1", 4, THEN, true));
    all.put("session-ended", new AccountReply.SessionEnded());
    all.put("waiting", new AccountReply.Waiting(THEN));
    all.put("given", new AccountReply.Given("org-1", "user-1", "{\"a\":1}"));
    all.put("consumed", new AccountReply.Consumed());
    all.put("expired", new AccountReply.Expired());
    all.put("no-such-hand-off", new AccountReply.NoSuchHandOff());
    all.put("login-ended", new LoginEnded("user-1"));
    return all;
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/account-messages.txt", examples());
  }

  @Test
  void every_kind_has_an_example() {
    assertThat(examples().values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(remoteMessages().toList());
    assertThat(
            examples().values().stream()
                .filter(AccountMessage.Question.class::isInstance)
                .<Class<?>>map(
                    question -> ((AccountMessage.Question) question).command().getClass())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(commands().toList());
  }

  @Property(tries = 500)
  void what_is_no_message_is_refused(@ForAll long seed) throws Exception {
    FORMAT.survives(seed, List.of("A", "a", "e", "Z"), remoteMessages().toList());
  }

  @Test
  void the_largest_configuration_fits_into_a_message() {
    AccountReply given =
        new AccountReply.Given("o".repeat(128), "u".repeat(128), "x".repeat(65_536));
    assertThat(SERIALIZER.toBinary(given).length).isLessThan(RemoteFormat.MAX_BYTES);
  }
}
