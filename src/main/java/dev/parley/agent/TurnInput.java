package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.AgentTurns.Workshop;
import dev.parley.entity.Conversations;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;

/** Finds what an agent is told of a record: the message, and what was said before it. */
final class TurnInput {
  private final Workshop workshop;
  private final SessionId session;

  TurnInput(Workshop workshop, SessionId session) {
    this.workshop = workshop;
    this.session = session;
  }

  /**
   * The turn of the record; empty when there is nothing to answer: it is no data, or was trimmed.
   *
   * @param history how many messages before it to tell
   */
  CompletionStage<Optional<Turn>> read(long seq, int history) {
    return workshop
        .sessions()
        .inspect(session, Channel.IN)
        .thenCompose(in -> record(seq, in).thenCompose(record -> turn(record, in, history)));
  }

  private CompletionStage<Optional<SequencedRecord>> record(long seq, Inspection in) {
    return workshop
        .sessions()
        .drain(session, Channel.IN, seq, in)
        .map(TurnInput::records)
        .runWith(Sink.head(), workshop.system())
        .thenApply(records -> records.stream().findFirst().filter(record -> record.seq() == seq));
  }

  private static List<SequencedRecord> records(ReadEvent event) {
    if (event instanceof ReadEvent.Failed failed) {
      throw new IllegalStateException(failed.reason());
    }
    return event instanceof ReadEvent.Batch batch ? batch.records().records() : List.of();
  }

  private CompletionStage<Optional<Turn>> turn(
      Optional<SequencedRecord> record, Inspection in, int history) {
    SessionInfo info = in.info();
    Optional<Turn.Message> message = record.flatMap(TurnInput::message);
    if (info == null || message.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    JsonNode parties = AgentJson.parties(info);
    return history(record.orElseThrow(), history)
        .thenApply(
            entries ->
                Optional.of(
                    new Turn(
                        session.friendlyId(),
                        info.externalId(),
                        parties.path("channelId").textValue(),
                        parties.path("userId").textValue(),
                        message.orElseThrow(),
                        entries)));
  }

  private CompletionStage<List<Turn.Entry>> history(SequencedRecord before, int count) {
    if (count == 0) {
      return CompletableFuture.completedFuture(List.of());
    }
    return workshop
        .conversations()
        .read(session, new Conversations.Range(-1, before.timestamp(), false, count))
        .thenApply(TurnInput::oldestFirst);
  }

  private static List<Turn.Entry> oldestFirst(Conversations.Page page) {
    List<Turn.Entry> entries = new ArrayList<>(page.messages().size());
    for (int i = page.messages().size() - 1; i >= 0; i--) {
      Conversations.Said found = page.messages().get(i);
      Turn.Role role = found.channel().equals(Channel.IN) ? Turn.Role.USER : Turn.Role.AGENT;
      Instant at = Instant.ofEpochMilli(found.record().timestamp());
      text(found.record()).ifPresent(text -> entries.add(new Turn.Entry(role, text, at)));
    }
    return entries;
  }

  private static Optional<String> text(SequencedRecord record) {
    Optional<MessageRecord> message = MessageRecord.of(record);
    return message.isPresent()
        ? message.map(MessageRecord::content)
        : MessageRecord.data(record)
            .map(data -> data.isTextual() ? data.textValue() : AgentJson.text(data));
  }

  private static Optional<Turn.Message> message(SequencedRecord record) {
    Optional<MessageRecord> message = MessageRecord.of(record);
    return message.isPresent()
        ? message.map(TurnInput::message)
        : text(record).map(text -> new Turn.Message(recordId(record), text, List.of(), "{}"));
  }

  private static Turn.Message message(MessageRecord message) {
    List<Attachment> attachments = new ArrayList<>();
    for (JsonNode json : message.data().path("attachments")) {
      try {
        attachments.add(Attachment.of(json));
      } catch (IllegalArgumentException e) {
        // Written over another face, which checks nothing: the text is what there is to answer.
        continue;
      }
    }
    return new Turn.Message(
        message.id(), message.content(), attachments, AgentJson.text(message.metadata()));
  }

  private static String recordId(SequencedRecord record) {
    return AgentJson.object(record.content().body().utf8())
        .map(envelope -> envelope.path("id").textValue())
        .orElse("in-" + record.seq());
  }
}
