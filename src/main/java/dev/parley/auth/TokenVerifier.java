package dev.parley.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Verifies tokens of one kind against the keys of the environment that their {@code sub} names.
 * {@code exp} is required and has no leeway; {@code iat} is not judged, because a token is also
 * signed by its client, whose clock may be ahead (trigger.md 2.1 lists what is checked).
 */
final class TokenVerifier {
  private static final String FOREIGN = "it was not signed with a secret key of this server";

  private final Environments environments;
  private final Map<String, List<JWTVerifier>> verifiersByEnvironment = new LinkedHashMap<>();

  /** What is known of a token. */
  sealed interface Verdict {
    record Valid(Environment environment, DecodedJWT claims) implements Verdict {}

    /**
     * @param why a clause that holds nothing of the token but names of its standard claims
     */
    record Invalid(String why) implements Verdict {}

    /** Genuine in every other respect. */
    record Expired() implements Verdict {}
  }

  /**
   * @param kind the claims that make a token one of this kind
   */
  TokenVerifier(Environments environments, Clock clock, UnaryOperator<Verification> kind) {
    this.environments = environments;
    for (Environment environment : environments.all()) {
      verifiersByEnvironment.put(
          environment.id(),
          environment.secretKeys().stream().map(key -> verifier(key, clock, kind)).toList());
    }
  }

  private static JWTVerifier verifier(String key, Clock clock, UnaryOperator<Verification> kind) {
    Verification rules =
        kind.apply(
            JWT.require(Algorithm.HMAC256(key))
                // Presence is not enough: the library takes `null` for "never expires".
                .withClaim("exp", (exp, jwt) -> exp.asInstant() != null)
                .ignoreIssuedAt());
    // Only the concrete builder takes a clock.
    return ((JWTVerifier.BaseVerification) rules).build(clock);
  }

  /** Total: whatever the text, there is a verdict. The algorithm is judged before any key. */
  Verdict verify(String token) {
    if (token.length() > CompactJwt.MAX_LENGTH) {
      return new Verdict.Invalid("it is longer than " + CompactJwt.MAX_LENGTH + " characters");
    }
    Optional<DecodedJWT> decoded = CompactJwt.decode(token);
    if (decoded.isEmpty()) {
      return new Verdict.Invalid("it is not a JWT in compact form");
    }
    DecodedJWT jwt = decoded.get();
    // `crit` demands extensions to be understood; we know none (RFC 7515, 4.1.11).
    if (!CompactJwt.ALGORITHM.equals(jwt.getAlgorithm())
        || !jwt.getHeaderClaim("crit").isMissing()) {
      return new Verdict.Invalid("its header must say HS256, without extensions");
    }
    String subject = jwt.getClaim("sub").asString();
    return Optional.ofNullable(subject)
        .flatMap(environments::byId)
        .map(environment -> verify(jwt, environment))
        .orElseGet(() -> new Verdict.Invalid(FOREIGN));
  }

  private Verdict verify(DecodedJWT jwt, Environment environment) {
    for (JWTVerifier verifier : verifiersByEnvironment.get(environment.id())) {
      try {
        return new Verdict.Valid(environment, verifier.verify(jwt));
      } catch (SignatureVerificationException e) {
        // Not this key; perhaps an older one. The claims count only under a genuine signature.
      } catch (TokenExpiredException e) {
        return new Verdict.Expired();
      } catch (MissingClaimException e) {
        return new Verdict.Invalid("its claim " + e.getClaimName() + " is missing");
      } catch (IncorrectClaimException e) {
        return new Verdict.Invalid("its claim " + e.getClaimName() + " is not the expected one");
      } catch (JWTVerificationException e) {
        return new Verdict.Invalid("its claims cannot be read");
      }
    }
    return new Verdict.Invalid(FOREIGN);
  }
}
