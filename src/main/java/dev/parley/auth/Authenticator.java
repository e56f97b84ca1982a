package dev.parley.auth;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.parley.auth.Authentication.Accepted;
import dev.parley.auth.Authentication.Refused;
import dev.parley.auth.TokenVerifier.Verdict;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a request carries into a credential or a 401 text (trigger.md 1.2 and 2.1). */
public final class Authenticator {
  static final String ISSUER = "https://id.trigger.dev";
  static final String AUDIENCE = "https://api.trigger.dev";

  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");
  private static final String REMEDY =
      " Mint a new one with auth.createPublicToken(), using a secret key of this server.";

  private final Environments environments;
  private final TokenVerifier publicTokens;
  private final RuntimeTokens runtimeTokens;

  public Authenticator(Environments environments, Clock clock) {
    this.environments = environments;
    this.runtimeTokens = new RuntimeTokens(environments, clock);
    this.publicTokens =
        new TokenVerifier(
            environments,
            clock,
            rules -> rules.withIssuer(ISSUER).withAudience(AUDIENCE).withClaim("pub", true));
  }

  /**
   * Judges an {@code Authorization} header: a bearer value in the shape of a JWT is a public token,
   * any other is a secret key.
   *
   * @param authorizationHeader the header's value, or null when there is none
   */
  public Authentication authenticate(@Nullable String authorizationHeader) {
    Matcher bearer = BEARER.matcher(authorizationHeader == null ? "" : authorizationHeader);
    if (!bearer.matches()) {
      return new Refused("Invalid or Missing API key");
    }
    String value = bearer.group(1);
    if (CompactJwt.hasShape(value)) {
      return authenticateToken(value);
    }
    return environments
        .bySecretKey(value)
        .<Authentication>map(found -> new Accepted(new Credential.SecretKey(found)))
        .orElseGet(() -> new Refused("Invalid API key"));
  }

  /**
   * Judges the {@code ?token=} of a URL, which takes a public token and never a secret key
   * (across.md 4): URLs are kept in histories and logs.
   */
  public Authentication authenticateToken(String publicToken) {
    Verdict verdict = publicTokens.verify(publicToken);
    if (verdict instanceof Verdict.Valid valid) {
      return accept(valid.environment(), valid.claims());
    }
    if (verdict instanceof Verdict.Invalid invalid) {
      return refuse(invalid.why());
    }
    return new Refused("Public Access Token has expired." + REMEDY);
  }

  /**
   * The visit whose session's token an {@code Authorization} header carries; empty for anything
   * else.
   *
   * @param authorizationHeader the header's value
   */
  public Optional<Credential.Visitor> visitor(String authorizationHeader) {
    Matcher bearer = BEARER.matcher(authorizationHeader);
    return bearer.matches() ? visitorByToken(bearer.group(1)) : Optional.empty();
  }

  /** Likewise of a token by itself. */
  public Optional<Credential.Visitor> visitorByToken(String token) {
    return runtimeTokens.verifySession(token).map(Credential.Visitor::new);
  }

  private static Authentication accept(Environment environment, DecodedJWT claims) {
    return scopes(claims.getClaim("scopes"))
        .<Authentication>map(
            scopes ->
                new Accepted(
                    new Credential.PublicToken(
                        environment, scopes, claims.getExpiresAtAsInstant())))
        .orElseGet(() -> refuse("its claim scopes is not an array of strings"));
  }

  /** No claim means no scopes. Empty for a claim that is not an array of strings. */
  private static Optional<Scopes> scopes(Claim claim) {
    if (claim.isMissing()) {
      return Optional.of(Scopes.parse(List.of()));
    }
    // Read as objects: asked for strings, the library would turn a number into one.
    List<Object> elements = claim.asList(Object.class);
    if (elements == null || !elements.stream().allMatch(String.class::isInstance)) {
      return Optional.empty();
    }
    return Optional.of(Scopes.parse(elements.stream().map(String.class::cast).toList()));
  }

  private static Refused refuse(String why) {
    return new Refused("Public Access Token is invalid: " + why + "." + REMEDY);
  }
}
