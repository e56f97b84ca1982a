package dev.parley.entity.account;

import dev.parley.entity.account.messages.proto.Answer;
import dev.parley.entity.account.messages.proto.CredentialsFound;
import dev.parley.entity.account.messages.proto.Nothing;
import dev.parley.entity.account.messages.proto.OrganizationFound;
import dev.parley.entity.account.messages.proto.SessionFound;
import dev.parley.entity.account.messages.proto.UserFound;
import java.time.Instant;
import java.util.Set;

/** Replies in the protobuf of an answer. */
final class ReplyCodec {
  private static final Nothing NOTHING = Nothing.getDefaultInstance();

  private ReplyCodec() {}

  static Answer encode(AccountReply reply) {
    Answer.Builder answer = Answer.newBuilder();
    if (reply instanceof AccountReply.NotNow) {
      return answer.setNotNow(NOTHING).build();
    }
    if (reply instanceof AccountReply.OfUser ofUser) {
      return ofUser(answer, ofUser).build();
    }
    if (reply instanceof AccountReply.NoSuchOrganization) {
      return answer.setNoSuchOrganization(NOTHING).build();
    }
    if (reply instanceof AccountReply.Organization organization) {
      return answer
          .setOrganization(
              OrganizationFound.newBuilder()
                  .setName(organization.name())
                  .setCredits(organization.credits())
                  .addAllMembers(organization.members()))
          .build();
    }
    if (reply instanceof AccountReply.OfSession ofSession) {
      return ofSession(answer, ofSession).build();
    }
    return ofHandOff(answer, (AccountReply.OfHandOff) reply).build();
  }

  private static Answer.Builder ofUser(Answer.Builder answer, AccountReply.OfUser reply) {
    if (reply instanceof AccountReply.User user) {
      UserFound.Builder found =
          UserFound.newBuilder()
              .setEmail(user.email())
              .setCreatedAt(user.createdAt().toEpochMilli())
              .addAllOrganizations(user.organizations())
              .setGeneration(user.generation());
      if (user.currentOrganization() != null) {
        found.setCurrentOrganization(user.currentOrganization());
      }
      return answer.setUser(found);
    }
    if (reply instanceof AccountReply.UserCredentials credentials) {
      return answer.setCredentials(
          CredentialsFound.newBuilder()
              .setPasswordHash(credentials.passwordHash())
              .setGeneration(credentials.generation()));
    }
    return reply instanceof AccountReply.EmailTaken
        ? answer.setEmailTaken(NOTHING)
        : answer.setNoSuchUser(NOTHING);
  }

  private static Answer.Builder ofSession(Answer.Builder answer, AccountReply.OfSession reply) {
    if (reply instanceof AccountReply.Session session) {
      return answer.setSession(
          SessionFound.newBuilder()
              .setUserId(session.userId())
              .setGeneration(session.generation())
              .setExpiresAt(session.expiresAt().toEpochMilli())
              .setSlid(session.slid()));
    }
    return reply instanceof AccountReply.SessionEnded
        ? answer.setSessionEnded(NOTHING)
        : answer.setNoSuchSession(NOTHING);
  }

  private static Answer.Builder ofHandOff(Answer.Builder answer, AccountReply.OfHandOff reply) {
    if (reply instanceof AccountReply.Waiting waiting) {
      return answer.setWaiting(
          dev.parley.entity.account.messages.proto.Waiting.newBuilder()
              .setExpiresAt(waiting.expiresAt().toEpochMilli()));
    }
    if (reply instanceof AccountReply.Given given) {
      return answer.setGiven(
          dev.parley.entity.account.messages.proto.Given.newBuilder()
              .setOrganizationId(given.organizationId())
              .setUserId(given.userId())
              .setConfig(given.config()));
    }
    if (reply instanceof AccountReply.Consumed) {
      return answer.setConsumed(NOTHING);
    }
    return reply instanceof AccountReply.Expired
        ? answer.setExpired(NOTHING)
        : answer.setNoSuchHandOff(NOTHING);
  }

  /**
   * @throws IllegalArgumentException when this version does not know the reply
   */
  static AccountReply decode(Answer answer) {
    return switch (answer.getReplyCase()) {
      case NOT_NOW -> new AccountReply.NotNow();
      case NO_SUCH_USER -> new AccountReply.NoSuchUser();
      case EMAIL_TAKEN -> new AccountReply.EmailTaken();
      case USER -> {
        UserFound user = answer.getUser();
        yield new AccountReply.User(
            user.getEmail(),
            Instant.ofEpochMilli(user.getCreatedAt()),
            user.getOrganizationsList(),
            user.hasCurrentOrganization() ? user.getCurrentOrganization() : null,
            user.getGeneration());
      }
      case CREDENTIALS ->
          new AccountReply.UserCredentials(
              answer.getCredentials().getPasswordHash(), answer.getCredentials().getGeneration());
      case NO_SUCH_ORGANIZATION -> new AccountReply.NoSuchOrganization();
      case ORGANIZATION ->
          new AccountReply.Organization(
              answer.getOrganization().getName(),
              answer.getOrganization().getCredits(),
              Set.copyOf(answer.getOrganization().getMembersList()));
      case NO_SUCH_SESSION -> new AccountReply.NoSuchSession();
      case SESSION -> {
        SessionFound session = answer.getSession();
        yield new AccountReply.Session(
            session.getUserId(),
            session.getGeneration(),
            Instant.ofEpochMilli(session.getExpiresAt()),
            session.getSlid());
      }
      case SESSION_ENDED -> new AccountReply.SessionEnded();
      case WAITING ->
          new AccountReply.Waiting(Instant.ofEpochMilli(answer.getWaiting().getExpiresAt()));
      case GIVEN ->
          new AccountReply.Given(
              answer.getGiven().getOrganizationId(),
              answer.getGiven().getUserId(),
              answer.getGiven().getConfig());
      case CONSUMED -> new AccountReply.Consumed();
      case EXPIRED -> new AccountReply.Expired();
      case NO_SUCH_HAND_OFF -> new AccountReply.NoSuchHandOff();
      case REPLY_NOT_SET ->
          throw new IllegalArgumentException("a reply that this version does not know");
    };
  }
}
