package dev.parley.session;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * What a session knows of one of its streams; the records themselves are in the journal.
 *
 * @param nextSeq the number the next record gets
 * @param trimPoint records below it are gone
 * @param fencingToken the token that fenced appends must name, at first empty (s2.md section 3.1)
 * @param lastTimestamp timestamp of the newest record, 0 when there was none
 * @param settled whether the newest record that is no command ends a turn (trigger.md section 4.4)
 * @param newestSeq the number of the newest record that is no command; -1 when there was none
 * @param bytes metered size of all records ever appended
 * @param index where the records lie in the journal
 * @param partIds the part ids answered lately
 * @param batches the batches of the SDK's writers taken in lately
 */
public record ChannelState(
    long nextSeq,
    long trimPoint,
    String fencingToken,
    long lastTimestamp,
    boolean settled,
    long newestSeq,
    long bytes,
    SparseIndex index,
    PartIdWindow partIds,
    PartIdWindow batches) {
  public static final ChannelState EMPTY =
      new ChannelState(
          0,
          0,
          "",
          0,
          false,
          -1,
          0,
          SparseIndex.EMPTY,
          PartIdWindow.EMPTY,
          PartIdWindow.NO_BATCHES);

  /** The next sequence number and the timestamp of the last record (s2.md section 4.1). */
  public Position tail() {
    return new Position(nextSeq, lastTimestamp);
  }

  /** The number that the first record of this append, which repeats an earlier one, got then. */
  OptionalLong answered(SessionCommand.Append append) {
    if (append.partId() != null) {
      return partIds.find(append.partId());
    }
    return BatchId.of(append.records(), SessionCommand.Draft::content)
        .map(this::answered)
        .orElse(OptionalLong.empty());
  }

  /** A batch is known as such, or as an append with messages among its records. */
  private OptionalLong answered(PartId batch) {
    OptionalLong first = batches.find(batch);
    return first.isPresent() ? first : partIds.find(batch);
  }

  /**
   * The state after the records, which begin at {@link #nextSeq} and lie in event {@code version}.
   */
  ChannelState append(StreamAppend append, long version) {
    long trim = trimPoint;
    String fence = fencingToken;
    boolean turnEnded = settled;
    long newest = newestSeq;
    long size = bytes;
    long seq = nextSeq;
    for (StreamAppend.Entry entry : append.records()) {
      RecordContent content = entry.content();
      seq++;
      size += content.meteredSize();
      if (content.isCommand()) {
        switch (RecordCommand.of(content)) {
          case TRIM -> trim = Math.max(trim, Math.min(trimTarget(content.body()), seq));
          case FENCE -> fence = content.body().utf8();
          case UNKNOWN -> throw new IllegalStateException("unknown commands are never accepted");
        }
      } else {
        turnEnded = content.isTurnComplete();
        newest = seq - 1;
      }
    }
    long first = append.records().get(0).timestamp();
    long last = append.records().get(append.records().size() - 1).timestamp();
    return new ChannelState(
        seq,
        trim,
        fence,
        last,
        turnEnded,
        newest,
        size,
        index.add(nextSeq, version, first),
        append.partId() == null ? partIds : partIds.add(append.partId(), nextSeq, last),
        append.partId() == null ? withBatch(append, last) : batches);
  }

  /** The same stream, of which only what the other one remembers of part ids is known. */
  ChannelState remembering(ChannelState other) {
    return with(other.partIds, other.batches);
  }

  ChannelState with(PartIdWindow newPartIds, PartIdWindow newBatches) {
    return new ChannelState(
        nextSeq,
        trimPoint,
        fencingToken,
        lastTimestamp,
        settled,
        newestSeq,
        bytes,
        index,
        newPartIds,
        newBatches);
  }

  private PartIdWindow withBatch(StreamAppend append, long at) {
    return BatchId.of(append.records(), StreamAppend.Entry::content)
        .map(id -> batches.add(id, append.firstSeq(), at))
        .orElse(batches);
  }

  private static long trimTarget(Bytes body) {
    long target = ByteBuffer.wrap(body.array()).getLong();
    // Unsigned on the wire; whatever does not fit is beyond every tail.
    return target < 0 ? Long.MAX_VALUE : target;
  }
}
