package dev.parley.http.shared;

import dev.parley.session.SessionReply;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The answers to what a session says, where a route has no words of its own for it. */
public final class Replies {
  private Replies() {}

  public static HttpResponse of(SessionReply reply) {
    if (reply instanceof SessionReply.NoSuchSession || reply instanceof SessionReply.Superseded) {
      return Answers.error(404, "Session not found");
    }
    if (reply instanceof SessionReply.ExternalIdFixed) {
      return Answers.error(
          422, "externalId cannot be changed after creation; create a new session instead");
    }
    if (reply instanceof SessionReply.Overloaded overloaded) {
      return Answers.unavailable(
          "Too much is under way at the moment, nothing was done, try again",
          overloaded.retryAfter());
    }
    if (reply instanceof SessionReply.OutcomeUnknown unknown) {
      return Answers.unavailable(
          "The outcome is not known, it may or may not have been done, try again",
          unknown.retryAfter());
    }
    throw new IllegalStateException("no answer for " + reply.getClass().getName());
  }
}
