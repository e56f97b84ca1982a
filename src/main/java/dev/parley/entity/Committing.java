package dev.parley.entity;

import dev.parley.entity.PendingAppends.Pending;
import dev.parley.session.SessionReply;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The commit under way: whom it will answer, since when it is, and who traces it. */
final class Committing {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final CommitListener listener;
  private final CommitTrace trace;
  private List<ActorRef<SessionReply>> replyTo = List.of();
  private long since;

  Committing(CommitListener listener, CommitTrace trace) {
    this.listener = listener;
    this.trace = trace;
  }

  /** These appends are about to be given to the journal. */
  void trace(List<Pending> group) {
    trace.begin(group);
  }

  void begin(List<ActorRef<SessionReply>> waiting) {
    replyTo = waiting;
    since = System.nanoTime();
  }

  /** It is durable. Its span, for those who are shown its records; null when nobody traces it. */
  @Nullable SpanContext durable() {
    replyTo = List.of();
    listener.durable(System.nanoTime() - since);
    return trace.durable();
  }

  /** Whether it is durable is not known, which is what those who wait are told. */
  void failed() {
    replyTo.forEach(waiting -> waiting.tell(new SessionReply.OutcomeUnknown(RETRY_AFTER)));
    replyTo = List.of();
    trace.failed();
  }

  static void answer(List<ActorRef<SessionReply>> replyTo, List<SessionReply> replies) {
    for (int i = 0; i < replyTo.size(); i++) {
      replyTo.get(i).tell(replies.get(i));
    }
  }

  static SessionReply overloaded() {
    return new SessionReply.Overloaded(RETRY_AFTER);
  }

  static List<SessionReply> overloaded(int count) {
    return Collections.nCopies(count, overloaded());
  }
}
