package dev.parley.http.messaging;

import dev.parley.agent.MessageRecord;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionId;

/**
 * A message of the user that is stored, and what it meant to its session.
 *
 * @param lifetime as the message left it
 * @param renewed whether the end of the session was moved
 * @param answerFrom the first number of {@code .out} where its answer can stand
 * @param repeated whether it was stored by an earlier request
 */
public record SentMessage(
    SessionId id,
    MessagingSession.Parties parties,
    MessageRecord message,
    Lifetime lifetime,
    boolean renewed,
    long answerFrom,
    boolean repeated) {}
