package dev.parley.entity.account;

import dev.parley.entity.account.messages.proto.Nothing;
import dev.parley.entity.account.messages.proto.Question;
import java.time.Duration;

/** Commands in the protobuf of a question. */
final class QuestionCodec {
  private static final Nothing NOTHING = Nothing.getDefaultInstance();

  private QuestionCodec() {}

  /** The question without the address for its answer. */
  static Question.Builder encode(AccountCommand command) {
    Question.Builder question = Question.newBuilder();
    if (command instanceof AccountCommand.ForUser ofUser) {
      return ofUser(question, ofUser);
    }
    if (command instanceof AccountCommand.Establish establish) {
      return question.setEstablish(
          dev.parley.entity.account.messages.proto.Establish.newBuilder()
              .setName(establish.name())
              .setCredits(establish.credits())
              .setFounder(establish.founder()));
    }
    if (command instanceof AccountCommand.LookAtOrganization) {
      return question.setLookAtOrganization(NOTHING);
    }
    if (command instanceof AccountCommand.ForSession ofSession) {
      return ofSession(question, ofSession);
    }
    if (command instanceof AccountCommand.Offer offer) {
      return question.setOffer(
          dev.parley.entity.account.messages.proto.Offer.newBuilder()
              .setOrganizationId(offer.organizationId())
              .setUserId(offer.userId())
              .setConfig(offer.config()));
    }
    return question.setTake(NOTHING);
  }

  private static Question.Builder ofUser(
      Question.Builder question, AccountCommand.ForUser command) {
    if (command instanceof AccountCommand.SignUp signUp) {
      return question.setSignUp(
          dev.parley.entity.account.messages.proto.SignUp.newBuilder()
              .setEmail(signUp.email())
              .setPasswordHash(signUp.passwordHash()));
    }
    if (command instanceof AccountCommand.Settle settle) {
      return question.setSettle(
          dev.parley.entity.account.messages.proto.Settle.newBuilder()
              .setNewOrganizationId(settle.newOrganizationId()));
    }
    if (command instanceof AccountCommand.Credentials) {
      return question.setCredentials(NOTHING);
    }
    return command instanceof AccountCommand.LookAtUser
        ? question.setLookAtUser(NOTHING)
        : question.setLogOutEverywhere(NOTHING);
  }

  private static Question.Builder ofSession(
      Question.Builder question, AccountCommand.ForSession command) {
    if (command instanceof AccountCommand.Begin begin) {
      return question.setBegin(
          dev.parley.entity.account.messages.proto.Begin.newBuilder()
              .setUserId(begin.userId())
              .setGeneration(begin.generation())
              .setTimeToLive(begin.timeToLive().toMillis()));
    }
    if (command instanceof AccountCommand.LookAtSession look) {
      var builder = dev.parley.entity.account.messages.proto.LookAtSession.newBuilder();
      if (look.slideBy() != null) {
        builder.setSlideBy(look.slideBy().toMillis());
      }
      return question.setLookAtSession(builder);
    }
    return question.setEnd(NOTHING);
  }

  /**
   * @throws IllegalArgumentException when this version does not know the command
   */
  static AccountCommand decode(Question question) {
    return switch (question.getCommandCase()) {
      case SIGN_UP ->
          new AccountCommand.SignUp(
              question.getSignUp().getEmail(), question.getSignUp().getPasswordHash());
      case CREDENTIALS -> new AccountCommand.Credentials();
      case LOOK_AT_USER -> new AccountCommand.LookAtUser();
      case SETTLE -> new AccountCommand.Settle(question.getSettle().getNewOrganizationId());
      case LOG_OUT_EVERYWHERE -> new AccountCommand.LogOutEverywhere();
      case LOOK_AT_ORGANIZATION -> new AccountCommand.LookAtOrganization();
      case ESTABLISH ->
          new AccountCommand.Establish(
              question.getEstablish().getName(),
              question.getEstablish().getCredits(),
              question.getEstablish().getFounder());
      case BEGIN ->
          new AccountCommand.Begin(
              question.getBegin().getUserId(),
              question.getBegin().getGeneration(),
              Duration.ofMillis(question.getBegin().getTimeToLive()));
      case LOOK_AT_SESSION ->
          new AccountCommand.LookAtSession(
              question.getLookAtSession().hasSlideBy()
                  ? Duration.ofMillis(question.getLookAtSession().getSlideBy())
                  : null);
      case END -> new AccountCommand.End();
      case OFFER ->
          new AccountCommand.Offer(
              question.getOffer().getOrganizationId(),
              question.getOffer().getUserId(),
              question.getOffer().getConfig());
      case TAKE -> new AccountCommand.Take();
      case COMMAND_NOT_SET ->
          throw new IllegalArgumentException("a command that this version does not know");
    };
  }
}
