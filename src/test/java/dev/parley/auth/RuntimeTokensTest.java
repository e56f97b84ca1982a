package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.RuntimeTokens.SocketVerdict;
import dev.parley.auth.RuntimeTokens.User;
import dev.parley.auth.RuntimeTokens.Visit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens of one kind are none of another, and of nobody else (web-runtime.md section 4). */
class RuntimeTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Environment HERE = new Environment("here", List.of("new-key", "old-key"));
  private static final Environment THERE = new Environment("there", List.of("their-key"));
  private static final Environments ALL = new Environments(List.of(HERE, THERE));

  private static final User USER = new User(HERE, "user-1", "login-1", NOW.plusSeconds(60));
  private static final Visit VISIT = new Visit(HERE, "session-1", 7, "acme", NOW.plusSeconds(60));

  private static RuntimeTokens at(Instant now) {
    return new RuntimeTokens(ALL, Clock.fixed(now, ZoneOffset.UTC));
  }

  private final RuntimeTokens tokens = at(NOW);

  @Test
  void a_token_of_a_socket_grants_what_it_was_minted_for() {
    assertThat(tokens.verifySocket(tokens.socketToken(USER)))
        .isEqualTo(new SocketVerdict.Opens(USER));
    assertThat(tokens.verifySocket(tokens.socketToken(VISIT)))
        .isEqualTo(new SocketVerdict.Opens(VISIT));
    assertThat(tokens.verifySession(tokens.sessionToken(VISIT))).contains(VISIT);
    User withoutLogin = new User(HERE, "user-1", null, USER.expiresAt());
    assertThat(tokens.verifySocket(tokens.socketToken(withoutLogin)))
        .isEqualTo(new SocketVerdict.Opens(withoutLogin));
  }

  @Test
  void no_kind_passes_for_another() {
    Authenticator authenticator = new Authenticator(ALL, Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(tokens.verifySocket(tokens.sessionToken(VISIT)))
        .isInstanceOf(SocketVerdict.Invalid.class);
    for (String token : List.of(tokens.socketToken(USER), tokens.socketToken(VISIT))) {
      assertThat(tokens.verifySession(token)).isEmpty();
      assertThat(authenticator.visitorByToken(token)).isEmpty();
      assertThat(authenticator.authenticateToken(token)).isInstanceOf(Authentication.Refused.class);
    }
    assertThat(authenticator.authenticateToken(tokens.sessionToken(VISIT)))
        .isInstanceOf(Authentication.Refused.class);
    String publicToken =
        new PublicTokens(Clock.fixed(NOW, ZoneOffset.UTC)).sessionToken(HERE, "session-1");
    assertThat(tokens.verifySession(publicToken)).isEmpty();
    assertThat(tokens.verifySocket(publicToken)).isInstanceOf(SocketVerdict.Invalid.class);
  }

  @Test
  void a_token_ends_in_time_and_its_end_is_told_apart_from_a_wrong_one() {
    RuntimeTokens later = at(NOW.plusSeconds(61));
    assertThat(later.verifySocket(tokens.socketToken(USER)))
        .isInstanceOf(SocketVerdict.Expired.class);
    assertThat(later.verifySocket(tokens.socketToken(VISIT)))
        .isInstanceOf(SocketVerdict.Expired.class);
    assertThat(later.verifySession(tokens.sessionToken(VISIT))).isEmpty();
    assertThat(later.verifySocket(tokens.socketToken(USER) + "x"))
        .isInstanceOf(SocketVerdict.Invalid.class);
  }

  @Test
  void an_old_key_still_verifies_and_that_of_another_tenant_does_not() {
    User old =
        new User(
            new Environment("here", List.of("old-key")), "user-1", "login-1", USER.expiresAt());
    assertThat(tokens.verifySocket(tokens.socketToken(old)))
        .isEqualTo(new SocketVerdict.Opens(USER));
    User forged =
        new User(new Environment("here", List.of("their-key")), "u", null, USER.expiresAt());
    assertThat(tokens.verifySocket(tokens.socketToken(forged)))
        .isInstanceOf(SocketVerdict.Invalid.class);
  }

  @Test
  void only_the_same_kind_and_person_is_the_same() {
    assertThat(USER.isForTheSameAs(new User(HERE, "user-1", "login-2", NOW))).isTrue();
    assertThat(USER.isForTheSameAs(new User(HERE, "user-2", "login-1", NOW))).isFalse();
    assertThat(USER.isForTheSameAs(new User(THERE, "user-1", "login-1", NOW))).isFalse();
    assertThat(USER.isForTheSameAs(VISIT)).isFalse();
    assertThat(VISIT.isForTheSameAs(VISIT.until(NOW.plus(Duration.ofDays(9))))).isTrue();
    assertThat(VISIT.isForTheSameAs(new Visit(HERE, "session-1", 8, "acme", NOW))).isFalse();
    assertThat(VISIT.isForTheSameAs(new Visit(HERE, "session-2", 7, "acme", NOW))).isFalse();
  }

  @Test
  void a_visitor_reads_and_writes_one_session_of_one_generation() {
    Credential.Visitor visitor = new Credential.Visitor(VISIT);
    assertThat(visitor.allows("read", List.of(new Resource("sessions", "session-1")))).isTrue();
    assertThat(visitor.allows("write", List.of(new Resource("sessions", "session-1")))).isTrue();
    assertThat(visitor.allows("admin", List.of(new Resource("sessions", "session-1")))).isFalse();
    assertThat(visitor.allows("read", List.of(new Resource("sessions", "session-2")))).isFalse();
    assertThat(visitor.allows("read", List.of(Resource.ofType("sessions")))).isFalse();
    assertThat(visitor.allows("read", List.of(new Resource("runs", "session-1")))).isFalse();
    assertThat(visitor.allowsAll("read", List.of())).isFalse();
    assertThat(visitor.opens(7)).isTrue();
    assertThat(visitor.opens(8)).isFalse();
    assertThat(visitor.isSecretKey()).isFalse();
  }
}
