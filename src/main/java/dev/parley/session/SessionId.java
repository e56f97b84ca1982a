package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who a session is. Both forms of address (friendly id and external id) lead to the same value
 * without a registry, because the friendly id of a session with an external id is a hash of it.
 *
 * @param environmentId the tenant; part of the identity, so that nothing crosses tenants
 * @param friendlyId {@code session_} and 32 hexadecimal digits
 */
public record SessionId(String environmentId, String friendlyId) {
  /**
   * A key with this prefix is a friendly id, anything else an external id (trigger.md section 3).
   */
  public static final String PREFIX = "session_";

  private static final Pattern FRIENDLY = Pattern.compile("session_[0-9a-f]{32}");

  /** The session that an external id names. The id must be valid, see {@link ExternalId}. */
  public static SessionId ofExternal(String environmentId, String externalId) {
    MessageDigest sha256 = sha256();
    sha256.update(environmentId.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) 0);
    byte[] digest = sha256.digest(externalId.getBytes(StandardCharsets.UTF_8));
    return new SessionId(environmentId, PREFIX + HexFormat.of().formatHex(digest, 0, 16));
  }

  /** A session nobody else can have named. */
  public static SessionId random(String environmentId) {
    return new SessionId(environmentId, PREFIX + UUID.randomUUID().toString().replace("-", ""));
  }

  /** The session that a key in a URL names; empty when no session can have that key. */
  public static Optional<SessionId> parse(String environmentId, String key) {
    if (key.startsWith(PREFIX)) {
      return FRIENDLY.matcher(key).matches()
          ? Optional.of(new SessionId(environmentId, key))
          : Optional.empty();
    }
    return ExternalId.problem(key).isEmpty()
        ? Optional.of(ofExternal(environmentId, key))
        : Optional.empty();
  }

  /** The name of the entity in the cluster: environment id, slash, friendly id. */
  public String entityId() {
    return environmentId + "/" + friendlyId;
  }

  /** The inverse of {@link #entityId()}. */
  public static SessionId ofEntityId(String entityId) {
    int slash = entityId.lastIndexOf('/');
    return new SessionId(entityId.substring(0, slash), entityId.substring(slash + 1));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
