package dev.parley.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.parley.auth.TokenVerifier.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the web runtime (web-runtime.md section 4): JWT HS256, signed with the
 * environment's first key. Each kind has an audience of its own, so that none passes for another,
 * nor for a public token or a stream's, although the same keys sign them all.
 */
public final class RuntimeTokens {
  private static final String USER_SOCKET = "parley:ws:user";
  private static final String VISITOR_SOCKET = "parley:ws:webchat";
  private static final String VISITOR_SESSION = "parley:webchat:session";

  private final Clock clock;
  private final TokenVerifier userSockets;
  private final TokenVerifier visitorSockets;
  private final TokenVerifier visitorSessions;

  /** What a genuine token of a socket opens. */
  public sealed interface Grant {
    /** The tenant; a grant reaches nothing outside it. */
    Environment environment();

    /** From this instant on it opens nothing. */
    Instant expiresAt();

    /** Whether this is for the same kind of socket and the same person as the other. */
    boolean isForTheSameAs(Grant other);
  }

  /**
   * The sessions of a user.
   *
   * @param sessionKey names the browser session with which it ends; null when it has none, as those
   *     that were minted by versions before
   */
  public record User(
      Environment environment, String userId, @Nullable String sessionKey, Instant expiresAt)
      implements Grant {
    @Override
    public boolean isForTheSameAs(Grant other) {
      return other instanceof User user
          && user.environment.id().equals(environment.id())
          && user.userId.equals(userId);
    }
  }

  /**
   * The session of a visitor.
   *
   * @param sessionId its external id
   * @param generation the session's at the time of minting; a purge ends it
   * @param organizationId whose visitor it is
   */
  public record Visit(
      Environment environment,
      String sessionId,
      long generation,
      String organizationId,
      Instant expiresAt)
      implements Grant {
    @Override
    public boolean isForTheSameAs(Grant other) {
      return other instanceof Visit visit
          && visit.environment.id().equals(environment.id())
          && visit.sessionId.equals(sessionId)
          && visit.generation == generation
          && visit.organizationId.equals(organizationId);
    }

    /** The same visit for another time. */
    public Visit until(Instant end) {
      return new Visit(environment, sessionId, generation, organizationId, end);
    }
  }

  /** What is known of a token that is to open a socket. */
  public sealed interface SocketVerdict {
    record Opens(Grant grant) implements SocketVerdict {}

    /** Genuine in every other respect. */
    record Expired() implements SocketVerdict {}

    record Invalid() implements SocketVerdict {}
  }

  public RuntimeTokens(Environments environments, Clock clock) {
    this.clock = clock;
    this.userSockets = verifier(environments, clock, USER_SOCKET);
    this.visitorSockets = verifier(environments, clock, VISITOR_SOCKET);
    this.visitorSessions = verifier(environments, clock, VISITOR_SESSION);
  }

  private static TokenVerifier verifier(Environments environments, Clock clock, String audience) {
    return new TokenVerifier(environments, clock, rules -> rules.withAudience(audience));
  }

  /** A token that opens a socket for what is granted. */
  public String socketToken(Grant grant) {
    if (grant instanceof User user) {
      JWTCreator.Builder claims = claims(user, USER_SOCKET).withClaim("user", user.userId());
      return sign(
          user.sessionKey() == null ? claims : claims.withClaim("login", user.sessionKey()), user);
    }
    return sign(visitClaims((Visit) grant, VISITOR_SOCKET), grant);
  }

  /** A token that lets a visitor come back to his session over HTTP. */
  public String sessionToken(Visit visit) {
    return sign(visitClaims(visit, VISITOR_SESSION), visit);
  }

  /** What {@code token} opens as a socket's. */
  public SocketVerdict verifySocket(String token) {
    SocketVerdict asUser = verdict(userSockets.verify(token));
    return asUser instanceof SocketVerdict.Invalid ? verdict(visitorSockets.verify(token)) : asUser;
  }

  /** What {@code token} opens over HTTP; empty for anything but a valid token of a session. */
  public Optional<Visit> verifySession(String token) {
    return visitorSessions.verify(token) instanceof Verdict.Valid valid
        ? visit(valid)
        : Optional.empty();
  }

  private JWTCreator.Builder claims(Grant grant, String audience) {
    return JWT.create()
        .withSubject(grant.environment().id())
        .withAudience(audience)
        .withIssuedAt(clock.instant())
        .withExpiresAt(grant.expiresAt());
  }

  private JWTCreator.Builder visitClaims(Visit visit, String audience) {
    return claims(visit, audience)
        .withClaim("session", visit.sessionId())
        .withClaim("gen", visit.generation())
        .withClaim("org", visit.organizationId());
  }

  private static String sign(JWTCreator.Builder claims, Grant grant) {
    return CompactJwt.sign(claims, grant.environment().signingKey());
  }

  private static SocketVerdict verdict(Verdict verdict) {
    if (verdict instanceof Verdict.Expired) {
      return new SocketVerdict.Expired();
    }
    return verdict instanceof Verdict.Valid valid
        ? user(valid)
            .<Grant>map(user -> user)
            .or(() -> visit(valid))
            .<SocketVerdict>map(SocketVerdict.Opens::new)
            .orElseGet(SocketVerdict.Invalid::new)
        : new SocketVerdict.Invalid();
  }

  private static Optional<User> user(Verdict.Valid valid) {
    DecodedJWT claims = valid.claims();
    return Optional.ofNullable(claims.getClaim("user").asString())
        .map(
            id ->
                new User(
                    valid.environment(),
                    id,
                    claims.getClaim("login").asString(),
                    claims.getExpiresAtAsInstant()));
  }

  private static Optional<Visit> visit(Verdict.Valid valid) {
    DecodedJWT claims = valid.claims();
    String session = claims.getClaim("session").asString();
    Claim generation = claims.getClaim("gen");
    String organization = claims.getClaim("org").asString();
    return session == null || generation.asLong() == null || organization == null
        ? Optional.empty()
        : Optional.of(
            new Visit(
                valid.environment(),
                session,
                generation.asLong(),
                organization,
                claims.getExpiresAtAsInstant()));
  }
}
