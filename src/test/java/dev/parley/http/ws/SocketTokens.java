package dev.parley.http.ws;

import dev.parley.OwnServer;
import dev.parley.auth.Environment;
import dev.parley.auth.Environments;
import dev.parley.auth.RuntimeTokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tokens as the server of a test would mint them, and as others would like to have them. */
final class SocketTokens {
  private static final Environment ENVIRONMENT =
      new Environment("env_default", List.of(OwnServer.KEY));
  private static final Environment FOREIGN =
      new Environment("env_default", List.of("a_key_of_somebody_else"));

  /** Longer than tests put a clock forward. */
  private static final Duration LONG = Duration.ofDays(365);

  private SocketTokens() {}

  private static RuntimeTokens minting(Environment environment) {
    return new RuntimeTokens(new Environments(List.of(environment)), Clock.systemUTC());
  }

  private static String user(Environment environment, String userId, Duration life) {
    return minting(environment)
        .socketToken(new RuntimeTokens.User(environment, userId, null, Instant.now().plus(life)));
  }

  static String user(String userId) {
    return user(ENVIRONMENT, userId, LONG);
  }

  static String user(String userId, Duration life) {
    return user(ENVIRONMENT, userId, life);
  }

  static String foreignUser(String userId) {
    return user(FOREIGN, userId, LONG);
  }

  private static RuntimeTokens.Visit visit(String sessionId, long generation, Duration life) {
    return new RuntimeTokens.Visit(
        ENVIRONMENT, sessionId, generation, "demo", Instant.now().plus(life));
  }

  static String visitor(String sessionId, Duration life) {
    return minting(ENVIRONMENT).socketToken(visit(sessionId, 0, life));
  }

  static String visitorOfGeneration(String sessionId, long generation) {
    return minting(ENVIRONMENT).socketToken(visit(sessionId, generation, LONG));
  }

  static String session(String sessionId) {
    return minting(ENVIRONMENT).sessionToken(visit(sessionId, 0, LONG));
  }
}
