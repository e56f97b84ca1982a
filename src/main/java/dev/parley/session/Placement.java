package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers records and settles their timestamps. A timestamp is never before that of the record in
 * front of it, and never in the future, except that every message of a conversation gets a
 * millisecond of its own (eliza.md section 6.3).
 *
 * @param answered whether an agent answers the records of {@code .in}
 */
record Placement(Session session, long now, boolean answered) {
  static Placement of(Session session, Instant now) {
    return new Placement(session, now.toEpochMilli(), session.turns() != null);
  }

  /** The records behind those that the stream has. */
  StreamAppend place(Append append) {
    ChannelState channel = session.channel(append.channel());
    boolean said = answered && append.channel().equals(Channel.IN);
    long timestamp = channel.lastTimestamp();
    long lastMessageAt = session.lastMessageAt();
    long size = channel.bytes();
    List<StreamAppend.Entry> entries = new ArrayList<>(append.records().size());
    for (Draft record : append.records()) {
      Message message = record.message();
      if (message == null) {
        long wanted = record.timestamp() == null ? now : Math.min(record.timestamp(), now);
        timestamp = Math.max(timestamp, wanted);
        boolean isMessage = said && record.content().isData();
        entries.add(new StreamAppend.Entry(timestamp, record.content(), isMessage));
        size += record.content().meteredSize();
      } else {
        timestamp = Math.max(Math.max(now, lastMessageAt + 1), timestamp);
        lastMessageAt = timestamp;
        RecordContent content = message.content(Instant.ofEpochMilli(timestamp));
        entries.add(new StreamAppend.Entry(timestamp, content, true));
        size += content.meteredSize();
      }
    }
    return new StreamAppend(append.channel(), channel.nextSeq(), entries, append.partId(), size);
  }
}
