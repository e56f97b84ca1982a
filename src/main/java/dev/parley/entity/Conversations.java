package dev.parley.entity;

import dev.parley.journal.MessageJournal;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** What user and agent have said to each other, in the order of time (eliza.md section 6.3). */
public final class Conversations {
  private final Sessions sessions;
  private final MessageJournal journal;

  public Conversations(Sessions sessions, MessageJournal journal) {
    this.sessions = sessions;
    this.journal = journal;
  }

  /**
   * Which messages.
   *
   * @param after only newer ones; Unix milliseconds, -1 for all
   * @param before only older ones; {@link Long#MAX_VALUE} for all
   * @param oldestFirst which of them, if there are more than the limit: the oldest or the newest
   * @param limit at least 1
   */
  public record Range(long after, long before, boolean oldestFirst, int limit) {}

  /** A message where it stands. The record's timestamp is the time of its creation. */
  public record Said(Channel channel, SequencedRecord record) {}

  /**
   * @param messages the newest first
   * @param more whether the limit kept others out
   */
  public record Page(List<Said> messages, boolean more) {}

  /**
   * Reads what survives of it. Fails with {@link TimeoutException} when the session does not
   * answer, and with what the database says when that does not.
   */
  public CompletionStage<Page> read(SessionId session, Range range) {
    return sessions
        .inspect(session, Channel.IN)
        .thenCombine(
            sessions.inspect(session, Channel.OUT),
            (in, out) ->
                new MessageJournal.Query(
                    session,
                    Math.max(in.generation(), out.generation()),
                    range.after(),
                    range.before(),
                    range.oldestFirst(),
                    range.limit(),
                    Map.of(Channel.IN, in.trimPoint(), Channel.OUT, out.trimPoint())))
        .thenCompose(journal::read)
        .thenApply(
            page ->
                new Page(
                    page.messages().stream()
                        .map(found -> new Said(found.channel(), found.record()))
                        .toList(),
                    page.more()));
  }
}
