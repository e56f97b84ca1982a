package dev.parley.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Two tenants and a clock that stands still, for all tests of this package. */
final class Tenants {
  static final Environment ACME = new Environment("env_acme", List.of("acme-new", "acme-old"));
  static final Environment GLOBEX = new Environment("env_globex", List.of("globex-key"));
  static final Environments ALL = new Environments(List.of(ACME, GLOBEX));

  static final Instant NOW = Instant.ofEpochSecond(1_795_166_745);
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private Tenants() {}

  static Clock clockAfter(Duration passed) {
    return Clock.offset(CLOCK, passed);
  }
}
