package dev.parley.entity.account;

import java.time.Instant;

/** What has happened to the entities of this package. */
sealed interface AccountEvent {
  /** To a user. */
  sealed interface OfUser extends AccountEvent {}

  record SignedUp(String email, String passwordHash, Instant at) implements OfUser {}

  /** The user has got an organization, which is the current one from then on. */
  record OrganizationGiven(String organizationId) implements OfUser {}

  record CurrentChosen(String organizationId) implements OfUser {}

  record LoggedOutEverywhere() implements OfUser {}

  /** To an organization. */
  sealed interface OfOrganization extends AccountEvent {}

  record Established(String name, long credits, String founder) implements OfOrganization {}

  /** To a browser session. */
  sealed interface OfSession extends AccountEvent {}

  record Begun(String userId, long generation, Instant at, Instant expiresAt)
      implements OfSession {}

  record Slid(Instant at, Instant expiresAt) implements OfSession {}

  record LoggedOut() implements OfSession {}

  /** To a hand-off. */
  sealed interface OfHandOff extends AccountEvent {}

  record Offered(String organizationId, String userId, String config, Instant expiresAt)
      implements OfHandOff {}

  record Taken(Instant at) implements OfHandOff {}

  /** Somebody was told that it has expired. */
  record Lapsed(Instant at) implements OfHandOff {}
}
