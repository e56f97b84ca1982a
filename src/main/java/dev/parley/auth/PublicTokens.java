package dev.parley.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mints public access tokens (trigger.md 2.1, 2.2 and 2.4). */
public final class PublicTokens {
  private static final Duration SESSION_TOKEN_LIFE = Duration.ofHours(1);
  private static final Duration WAITPOINT_TOKEN_LIFE = Duration.ofHours(24);

  private final Clock clock;

  public PublicTokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * A token signed with the environment's first key.
   *
   * @param scopes kept as they are, in their order
   * @param expiresAt cut to whole seconds; {@link ExpirationTime} knows the bounds of a request
   * @param oneTimeUse adds {@code otu}
   * @param realtime the claim of that name, plain JSON values only; null leaves it out
   * @throws IllegalArgumentException when the token would be too long for {@link Authenticator} to
   *     accept, or {@code realtime} holds something other than JSON values
   */
  public String mint(
      Environment environment,
      List<String> scopes,
      Instant expiresAt,
      boolean oneTimeUse,
      @Nullable Map<String, Object> realtime) {
    JWTCreator.Builder claims =
        JWT.create()
            .withSubject(environment.id())
            .withClaim("pub", true)
            .withClaim("scopes", List.copyOf(scopes))
            .withIssuer(Authenticator.ISSUER)
            .withAudience(Authenticator.AUDIENCE)
            .withIssuedAt(clock.instant())
            .withExpiresAt(expiresAt);
    if (oneTimeUse) {
      claims.withClaim("otu", true);
    }
    if (realtime != null) {
      claims.withClaim("realtime", realtime);
    }
    String token = CompactJwt.sign(claims, environment.signingKey());
    if (token.length() > CompactJwt.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the token would have %d characters, the limit is %d; ask for fewer scopes"
              .formatted(token.length(), CompactJwt.MAX_LENGTH));
    }
    return token;
  }

  /**
   * The {@code publicAccessToken} of a created session: read and write that session, for an hour
   * (trigger.md 2.4).
   *
   * @param canonicalKey the external id when the session has one, else the friendly id
   */
  public String sessionToken(Environment environment, String canonicalKey) {
    return mint(
        environment,
        List.of("read:sessions:" + canonicalKey, "write:sessions:" + canonicalKey),
        clock.instant().plus(SESSION_TOKEN_LIFE),
        false,
        null);
  }

  /** The {@code publicAccessToken} of a new waitpoint: complete it, for a day. */
  public String waitpointToken(Environment environment, String waitpointId) {
    return mint(
        environment,
        List.of("write:waitpoints:" + waitpointId),
        clock.instant().plus(WAITPOINT_TOKEN_LIFE),
        false,
        null);
  }
}
