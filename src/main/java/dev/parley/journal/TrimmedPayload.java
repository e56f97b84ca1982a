package dev.parley.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parley.journal.proto.RecordsAppended;
import dev.parley.journal.proto.StreamAppend;
import dev.parley.session.Channel;
import java.util.Map;
import java.util.Optional;

/**
 * The stored bytes of an event without the records that a trim took. Works on the stored messages
 * and not on what they mean, so that fields of a later version stay.
 */
final class TrimmedPayload {
  /** Size of an event of which nothing is left; one that holds a record is larger. */
  static final int EMPTIED_SIZE =
      RecordsAppended.newBuilder().setTrimmed(true).build().getSerializedSize();

  private TrimmedPayload() {}

  /**
   * @param payload of an event with the manifest {@link EventCodec#RECORDS_APPENDED}
   * @param trimPoints the first surviving record of each trimmed stream
   * @return the bytes to store instead, always fewer; empty when the event is to stay as it is
   * @throws IllegalArgumentException when the bytes are no such event
   */
  static Optional<byte[]> of(byte[] payload, Map<Channel, Long> trimPoints) {
    RecordsAppended event = parse(payload);
    RecordsAppended.Builder rest = event.toBuilder().clearAppends().setTrimmed(true);
    boolean changed = false;
    for (StreamAppend append : event.getAppendsList()) {
      long trimPoint =
          trimPoints.getOrDefault(EventCodec.channel(append.getChannel(), append.getOut()), 0L);
      long gone = Math.min(trimPoint - append.getFirstSeq(), append.getRecordsCount());
      changed |= gone > 0;
      if (gone <= 0) {
        rest.addAppends(append);
      } else if (gone < append.getRecordsCount()) {
        rest.addAppends(
            append.toBuilder()
                .clearRecords()
                .setFirstSeq(trimPoint)
                .addAllRecords(
                    append.getRecordsList().subList((int) gone, append.getRecordsCount())));
      }
    }
    return changed ? Optional.of(rest.build().toByteArray()) : Optional.empty();
  }

  private static RecordsAppended parse(byte[] payload) {
    try {
      return RecordsAppended.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("damaged event of records", e);
    }
  }
}
