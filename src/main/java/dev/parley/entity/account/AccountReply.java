package dev.parley.entity.account;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the entities of this package answer. */
public sealed interface AccountReply {
  /**
   * From a node that may have been given up: nothing was done, and nothing is known for certain.
   */
  record NotNow() implements AccountReply {}

  /** Of a user. */
  sealed interface OfUser extends AccountReply {}

  /** The address has no user. */
  record NoSuchUser() implements OfUser {}

  /** The address has a user already. */
  record EmailTaken() implements OfUser {}

  /**
   * The user as it is now.
   *
   * @param organizations ids, the oldest first
   * @param currentOrganization one of them; null when none was chosen yet
   * @param generation browser sessions of an earlier one are over
   */
  record User(
      String email,
      Instant createdAt,
      List<String> organizations,
      @Nullable String currentOrganization,
      long generation)
      implements OfUser {
    public User {
      organizations = List.copyOf(organizations);
    }
  }

  /** By what a password is judged. */
  record UserCredentials(String passwordHash, long generation) implements OfUser {}

  /** Of an organization. */
  sealed interface OfOrganization extends AccountReply {}

  record NoSuchOrganization() implements OfOrganization {}

  /**
   * The organization as it is now.
   *
   * @param members ids of users
   */
  record Organization(String name, long credits, Set<String> members) implements OfOrganization {
    public Organization {
      members = Set.copyOf(members);
    }
  }

  /** Of a browser session. */
  sealed interface OfSession extends AccountReply {}

  /** It has never begun, was ended, or its time is over. */
  record NoSuchSession() implements OfSession {}

  /**
   * It goes on.
   *
   * @param slid whether it was made longer just now
   */
  record Session(String userId, long generation, Instant expiresAt, boolean slid)
      implements OfSession {}

  /** It is over. */
  record SessionEnded() implements OfSession {}

  /** Of a hand-off. */
  sealed interface OfHandOff extends AccountReply {}

  /** It waits for its worker until this instant. */
  record Waiting(Instant expiresAt) implements OfHandOff {}

  /**
   * The one who hears this has got it.
   *
   * @param config a JSON object, or empty
   */
  record Given(String organizationId, String userId, String config) implements OfHandOff {}

  /** Somebody has got it before. */
  record Consumed() implements OfHandOff {}

  /** Nobody came in time. */
  record Expired() implements OfHandOff {}

  /** There has been none, or not for a day. */
  record NoSuchHandOff() implements OfHandOff {}
}
