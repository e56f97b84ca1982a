package dev.parley.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All tenants of this server. Ids are unique, and a key opens one environment only. */
public final class Environments {
  private final List<Environment> environments;
  private final List<KeyDigest> keyDigests;

  private record KeyDigest(byte[] sha256, Environment environment) {}

  /**
   * @throws IllegalArgumentException when two environments share an id or a secret key
   */
  public Environments(List<Environment> environments) {
    this.environments = List.copyOf(environments);
    Set<String> ids = new HashSet<>();
    Set<String> keys = new HashSet<>();
    List<KeyDigest> digests = new ArrayList<>();
    for (Environment environment : this.environments) {
      if (!ids.add(environment.id())) {
        throw new IllegalArgumentException(
            "environment id '" + environment.id() + "' is configured twice");
      }
      for (String key : environment.secretKeys()) {
        if (!keys.add(key)) {
          throw new IllegalArgumentException(
              "a secret key of environment '"
                  + environment.id()
                  + "' is configured twice; every key belongs to one environment");
        }
        digests.add(new KeyDigest(sha256(key), environment));
      }
    }
    this.keyDigests = List.copyOf(digests);
  }

  /** Every environment, in the order of the configuration. */
  public List<Environment> all() {
    return environments;
  }

  /**
   * The environment which {@code secretKey} opens. The time taken tells nothing about the keys
   * (trigger.md 2.1): digests of equal length are compared, all of them, whether or not one has
   * matched already.
   */
  public Optional<Environment> bySecretKey(String secretKey) {
    byte[] presented = sha256(secretKey);
    Environment found = null;
    for (KeyDigest candidate : keyDigests) {
      if (MessageDigest.isEqual(candidate.sha256(), presented)) {
        found = candidate.environment();
      }
    }
    return Optional.ofNullable(found);
  }

  /** The environment with this id, which is no secret. */
  public Optional<Environment> byId(String id) {
    return environments.stream().filter(environment -> environment.id().equals(id)).findFirst();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
