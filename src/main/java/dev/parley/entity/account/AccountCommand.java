package dev.parley.entity.account;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the entities of this package are asked, each kind by commands of its own. */
sealed interface AccountCommand {
  /** To the user of an e-mail address, who may not exist yet. */
  sealed interface ForUser extends AccountCommand {}

  /** Makes the user, unless the address has one. */
  record SignUp(String email, String passwordHash) implements ForUser {}

  /** Asks by what a password is judged. */
  record Credentials() implements ForUser {}

  /** Asks who it is. */
  record LookAtUser() implements ForUser {}

  /**
   * Sees to it that the user has a current organization (web-runtime.md section 2).
   *
   * @param newOrganizationId of the one to be made when the user has none
   */
  record Settle(String newOrganizationId) implements ForUser {}

  /** Ends all browser sessions that have begun so far. */
  record LogOutEverywhere() implements ForUser {}

  /** To the organization of an id. */
  sealed interface ForOrganization extends AccountCommand {}

  /** Asks what it is. */
  record LookAtOrganization() implements ForOrganization {}

  /** Makes it, unless it is there; then it stays what it is. */
  record Establish(String name, long credits, String founder) implements ForOrganization {}

  /** To a browser session. */
  sealed interface ForSession extends AccountCommand {}

  /**
   * The first command of a session.
   *
   * @param generation the user's, when the password was checked
   */
  record Begin(String userId, long generation, Duration timeToLive) implements ForSession {}

  /**
   * Asks whose it is.
   *
   * @param slideBy how long it lasts from now on, if it has not slid within the hour; null when it
   *     must not slide
   */
  record LookAtSession(@Nullable Duration slideBy) implements ForSession {}

  /** Ends it. */
  record End() implements ForSession {}

  /** To a pending hand-off. */
  sealed interface ForHandOff extends AccountCommand {}

  /**
   * The first command of a hand-off.
   *
   * @param config a JSON object, or empty
   */
  record Offer(String organizationId, String userId, String config) implements ForHandOff {}

  /** Asks for what was offered; the first in time gets it. */
  record Take() implements ForHandOff {}
}
