package dev.parley.entity;

import dev.parley.session.SessionId;
import dev.parley.session.Waitpoint;
import java.util.concurrent.CompletionStage;

/** Tells somebody outside that a waitpoint has ended. */
public interface CallbackSender {
  /**
   * Tries once. Whether that settles the callback: it was taken, or nobody wants it any more. A
   * failure is a try that settles nothing.
   *
   * @param waitpoint that has ended and has a callback
   */
  CompletionStage<Boolean> send(SessionId session, Waitpoint waitpoint);
}
