package dev.parley.session;

import java.nio.ByteBuffer;

/**
 * What a session knows of one of its streams; the records themselves are in the journal.
 *
 * @param nextSeq the number the next record gets
 * @param trimPoint records below it are gone
 * @param fencingToken the token that fenced appends must name, at first empty (s2.md section 3.1)
 * @param lastTimestamp timestamp of the newest record, 0 when there was none
 * @param settled whether the newest record that is no command ends a turn (trigger.md section 4.4)
 * @param bytes metered size of all records ever appended
 * @param index where the records lie in the journal
 * @param partIds the part ids answered lately
 */
public record ChannelState(
    long nextSeq,
    long trimPoint,
    String fencingToken,
    long lastTimestamp,
    boolean settled,
    long bytes,
    SparseIndex index,
    PartIdWindow partIds) {
  public static final ChannelState EMPTY =
      new ChannelState(0, 0, "", 0, false, 0, SparseIndex.EMPTY, PartIdWindow.EMPTY);

  /** The next sequence number and the timestamp of the last record (s2.md section 4.1). */
  public Position tail() {
    return new Position(nextSeq, lastTimestamp);
  }

  /**
   * The state after the records, which begin at {@link #nextSeq} and lie in event {@code version}.
   */
  ChannelState append(StreamAppend append, long version) {
    ChannelState next =
        new ChannelState(
            nextSeq,
            trimPoint,
            fencingToken,
            lastTimestamp,
            settled,
            bytes,
            index.add(nextSeq, version),
            partIds);
    for (StreamAppend.Entry entry : append.records()) {
      next = next.append(entry);
    }
    return append.partId() == null ? next : next.remember(append.partId(), append.firstSeq());
  }

  private ChannelState append(StreamAppend.Entry entry) {
    RecordContent content = entry.content();
    long trim = trimPoint;
    String fence = fencingToken;
    boolean turnEnded = settled;
    if (content.isCommand()) {
      switch (RecordCommand.of(content)) {
        case TRIM -> trim = Math.max(trim, Math.min(trimTarget(content.body()), nextSeq + 1));
        case FENCE -> fence = content.body().utf8();
        case UNKNOWN -> throw new IllegalStateException("unknown commands are never accepted");
      }
    } else {
      turnEnded = content.isTurnComplete();
    }
    return new ChannelState(
        nextSeq + 1,
        trim,
        fence,
        entry.timestamp(),
        turnEnded,
        bytes + content.meteredSize(),
        index,
        partIds);
  }

  private ChannelState remember(PartId id, long seq) {
    return new ChannelState(
        nextSeq,
        trimPoint,
        fencingToken,
        lastTimestamp,
        settled,
        bytes,
        index,
        partIds.add(id, seq, lastTimestamp));
  }

  private static long trimTarget(Bytes body) {
    long target = ByteBuffer.wrap(body.array()).getLong();
    // Unsigned on the wire; whatever does not fit is beyond every tail.
    return target < 0 ? Long.MAX_VALUE : target;
  }
}
