package dev.parley.journal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.parley.journal.proto.AppendSummary;
import dev.parley.journal.proto.Entry;
import dev.parley.journal.proto.Header;
import dev.parley.journal.proto.RecordsAppended;
import dev.parley.journal.proto.StreamAppend;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What an event of records has brought to one stream. It is stored beside the event, so that
 * whoever counts need not read the records.
 *
 * @param endSeq the number after the last record: how many the stream ever had
 * @param messages records that are part of what user and agent have said to each other
 * @param bytes metered size of these records
 * @param endBytes metered size of all records the stream ever had; 0 where it was not kept yet
 * @param at timestamp of the last record
 */
public record StreamSummary(
    Channel channel,
    long endSeq,
    int records,
    int messages,
    long bytes,
    long endBytes,
    Instant at) {

  /** The summaries that were stored. */
  static List<StreamSummary> read(byte[] summary) {
    try {
      return AppendSummary.parseFrom(summary).getStreamsList().stream()
          .map(StreamSummary::fromProto)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("damaged summary of an event of records", e);
    }
  }

  private static StreamSummary fromProto(dev.parley.journal.proto.StreamSummary stored) {
    return new StreamSummary(
        EventCodec.channel(stored.getChannel(), stored.getOut()),
        stored.getEndSeq(),
        stored.getRecords(),
        stored.getMessages(),
        stored.getBytes(),
        stored.getEndBytes(),
        Instant.ofEpochMilli(stored.getAt()));
  }

  /**
   * The stored form of the summaries of an event. Passes over the records where they lie, since it
   * is done for every commit.
   *
   * @param payload of an event with the manifest {@link EventCodec#RECORDS_APPENDED}
   */
  static byte[] summarize(byte[] payload) {
    try {
      AppendSummary.Builder summary = AppendSummary.newBuilder();
      CodedInputStream in = CodedInputStream.newInstance(payload);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == RecordsAppended.APPENDS_FIELD_NUMBER) {
          int end = in.pushLimit(in.readRawVarint32());
          summary.addStreams(stream(in));
          in.popLimit(end);
        } else {
          in.skipField(tag);
        }
      }
      return summary.build().toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("damaged event of records", e);
    }
  }

  private static dev.parley.journal.proto.StreamSummary stream(CodedInputStream in)
      throws IOException {
    var summary = dev.parley.journal.proto.StreamSummary.newBuilder();
    Records records = new Records();
    long firstSeq = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case StreamAppend.CHANNEL_FIELD_NUMBER -> summary.setChannel(in.readStringRequireUtf8());
        case StreamAppend.OUT_FIELD_NUMBER -> summary.setOut(in.readBool());
        case StreamAppend.FIRST_SEQ_FIELD_NUMBER -> firstSeq = in.readUInt64();
        case StreamAppend.END_BYTES_FIELD_NUMBER -> summary.setEndBytes(in.readUInt64());
        case StreamAppend.RECORDS_FIELD_NUMBER -> {
          int end = in.pushLimit(in.readRawVarint32());
          records.add(in);
          in.popLimit(end);
        }
        default -> in.skipField(tag);
      }
    }
    return summary
        .setEndSeq(firstSeq + records.count)
        .setRecords(records.count)
        .setMessages(records.messages)
        .setBytes(records.bytes)
        .setAt(records.at)
        .build();
  }

  /** Counts records as they are passed. */
  private static final class Records {
    private int count;
    private int messages;
    private long bytes;
    private long at;

    void add(CodedInputStream in) throws IOException {
      count++;
      bytes += 8;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case Entry.TIMESTAMP_FIELD_NUMBER -> at = in.readUInt64();
          case Entry.MESSAGE_FIELD_NUMBER -> messages += in.readBool() ? 1 : 0;
          case Entry.BODY_FIELD_NUMBER -> bytes += skipBytes(in);
          case Entry.HEADERS_FIELD_NUMBER -> {
            int end = in.pushLimit(in.readRawVarint32());
            bytes += 2 + header(in);
            in.popLimit(end);
          }
          default -> in.skipField(tag);
        }
      }
    }

    private static long header(CodedInputStream in) throws IOException {
      long size = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case Header.NAME_FIELD_NUMBER, Header.VALUE_FIELD_NUMBER -> size += skipBytes(in);
          default -> in.skipField(tag);
        }
      }
      return size;
    }

    private static int skipBytes(CodedInputStream in) throws IOException {
      int length = in.readRawVarint32();
      in.skipRawBytes(length);
      return length;
    }
  }

  /** Whether these are records that clients or agents wrote, and not the server for itself. */
  public boolean counts() {
    return !channel.isServerOnly();
  }

  /** Whether the stream leads to the agent. */
  public boolean isIn() {
    return channel.direction() == Direction.IN;
  }
}
