package dev.parley.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.parley.auth.TokenVerifier.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code X-S2-Access-Token} of the data plane: opens one stream for 24 hours (trigger.md 4.2).
 * Its audience is its own and it has no issuer, so neither it nor a public token passes for the
 * other although the same keys sign both.
 */
public final class StreamCredentials {
  static final String AUDIENCE = "parley:s2";

  private static final Duration LIFE = Duration.ofHours(24);

  private final Clock clock;
  private final TokenVerifier verifier;

  /**
   * What a genuine token opens.
   *
   * @param generation the session's at the time of minting; a purge ends it, and whether it is
   *     still current is the session's to judge
   */
  public record Grant(Environment environment, String stream, long generation) {}

  public StreamCredentials(Environments environments, Clock clock) {
    this.clock = clock;
    this.verifier = new TokenVerifier(environments, clock, rules -> rules.withAudience(AUDIENCE));
  }

  /** A token for {@code stream}, signed with the environment's first key. */
  public String mint(Environment environment, String stream, long generation) {
    return CompactJwt.sign(
        JWT.create()
            .withSubject(environment.id())
            .withAudience(AUDIENCE)
            .withClaim("stream", stream)
            .withClaim("gen", generation)
            .withExpiresAt(clock.instant().plus(LIFE)),
        environment.signingKey());
  }

  /** What {@code token} opens; empty for anything that is not a valid, unexpired stream token. */
  public Optional<Grant> verify(String token) {
    return verifier.verify(token) instanceof Verdict.Valid valid
        ? grant(valid.environment(), valid.claims())
        : Optional.empty();
  }

  private static Optional<Grant> grant(Environment environment, DecodedJWT claims) {
    String stream = claims.getClaim("stream").asString();
    Claim generation = claims.getClaim("gen");
    return stream == null || generation.asLong() == null
        ? Optional.empty()
        : Optional.of(new Grant(environment, stream, generation.asLong()));
  }
}
