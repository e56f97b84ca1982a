package dev.parley.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.parley.journal.proto.CallbacksMoved;
import dev.parley.journal.proto.Closed;
import dev.parley.journal.proto.Created;
import dev.parley.journal.proto.Entry;
import dev.parley.journal.proto.Expired;
import dev.parley.journal.proto.PartIdsRestored;
import dev.parley.journal.proto.Purged;
import dev.parley.journal.proto.RecordsAppended;
import dev.parley.journal.proto.RestoreTrimmed;
import dev.parley.journal.proto.RunSwapped;
import dev.parley.journal.proto.StreamAppend;
import dev.parley.journal.proto.TimeoutChanged;
import dev.parley.journal.proto.Touched;
import dev.parley.journal.proto.TurnEnded;
import dev.parley.journal.proto.TurnStarted;
import dev.parley.journal.proto.Updated;
import dev.parley.journal.proto.WaitpointCompleted;
import dev.parley.journal.proto.WaitpointCreated;
import dev.parley.journal.proto.WaitpointsTimedOut;
import dev.parley.journal.proto.Warned;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events to and from the messages of {@code journal.proto}. */
public final class EventCodec {
  static final String CREATED = "C";
  static final String UPDATED = "U";
  static final String CLOSED = "X";
  static final String RUN_SWAPPED = "R";
  static final String TOUCHED = "L";
  static final String TIMEOUT_CHANGED = "P";
  static final String WARNED = "N";
  static final String EXPIRED = "E";
  static final String TURN_STARTED = "B";
  static final String TURN_ENDED = "F";
  static final String WAITPOINT_CREATED = "W";
  static final String WAITPOINT_COMPLETED = "D";
  static final String WAITPOINTS_TIMED_OUT = "T";
  static final String CALLBACKS_MOVED = "K";
  static final String RESTORE_BEGUN = "I";
  static final String RESTORE_TRIMMED = "J";
  static final String PART_IDS_RESTORED = "Q";
  static final String RESTORED = "O";

  /** The manifest of what is left of a purged session. */
  public static final String PURGED = "G";

  /** The manifest of the only events that hold records. */
  public static final String RECORDS_APPENDED = "A";

  private EventCodec() {}

  /** The one-letter name under which an event is stored. */
  public static String manifest(SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended) {
      return RECORDS_APPENDED;
    }
    if (event instanceof SessionEvent.Created) {
      return CREATED;
    }
    if (event instanceof SessionEvent.Updated) {
      return UPDATED;
    }
    if (event instanceof SessionEvent.Closed) {
      return CLOSED;
    }
    if (event instanceof SessionEvent.RunSwapped) {
      return RUN_SWAPPED;
    }
    if (event instanceof SessionEvent.Touched) {
      return TOUCHED;
    }
    if (event instanceof SessionEvent.TimeoutChanged) {
      return TIMEOUT_CHANGED;
    }
    if (event instanceof SessionEvent.Warned) {
      return WARNED;
    }
    if (event instanceof SessionEvent.Expired) {
      return EXPIRED;
    }
    if (event instanceof SessionEvent.TurnStarted) {
      return TURN_STARTED;
    }
    if (event instanceof SessionEvent.TurnEnded) {
      return TURN_ENDED;
    }
    if (event instanceof SessionEvent.WaitpointCreated) {
      return WAITPOINT_CREATED;
    }
    if (event instanceof SessionEvent.WaitpointCompleted) {
      return WAITPOINT_COMPLETED;
    }
    if (event instanceof SessionEvent.WaitpointsTimedOut) {
      return WAITPOINTS_TIMED_OUT;
    }
    if (event instanceof SessionEvent.CallbacksMoved) {
      return CALLBACKS_MOVED;
    }
    if (event instanceof SessionEvent.Purged) {
      return PURGED;
    }
    if (event instanceof SessionEvent.RestoreBegun) {
      return RESTORE_BEGUN;
    }
    if (event instanceof SessionEvent.RestoreTrimmed) {
      return RESTORE_TRIMMED;
    }
    if (event instanceof SessionEvent.PartIdsRestored) {
      return PART_IDS_RESTORED;
    }
    if (event instanceof SessionEvent.Restored) {
      return RESTORED;
    }
    throw new IllegalArgumentException("no manifest for " + event.getClass().getName());
  }

  /** The stored bytes of an event. */
  public static byte[] encode(SessionEvent event) {
    return toProto(event).toByteArray();
  }

  /**
   * The event that was stored.
   *
   * @throws IllegalArgumentException when the manifest is unknown or the bytes are none of its
   *     messages
   */
  public static SessionEvent decode(String manifest, byte[] bytes) {
    try {
      return switch (manifest) {
        case RECORDS_APPENDED -> appended(RecordsAppended.parseFrom(bytes));
        case CREATED -> created(Created.parseFrom(bytes));
        case UPDATED -> updated(Updated.parseFrom(bytes));
        case CLOSED -> closed(Closed.parseFrom(bytes));
        case RUN_SWAPPED -> swapped(RunSwapped.parseFrom(bytes));
        case TOUCHED -> LifetimeCodec.touched(Touched.parseFrom(bytes));
        case TIMEOUT_CHANGED -> LifetimeCodec.timeoutChanged(TimeoutChanged.parseFrom(bytes));
        case WARNED -> LifetimeCodec.warned(Warned.parseFrom(bytes));
        case EXPIRED -> LifetimeCodec.expired(Expired.parseFrom(bytes));
        case TURN_STARTED -> TurnCodec.started(TurnStarted.parseFrom(bytes));
        case TURN_ENDED -> TurnCodec.ended(TurnEnded.parseFrom(bytes));
        case WAITPOINT_CREATED -> WaitCodec.created(WaitpointCreated.parseFrom(bytes));
        case WAITPOINT_COMPLETED -> WaitCodec.completed(WaitpointCompleted.parseFrom(bytes));
        case WAITPOINTS_TIMED_OUT -> WaitCodec.timedOut(WaitpointsTimedOut.parseFrom(bytes));
        case CALLBACKS_MOVED -> WaitCodec.callbacksMoved(CallbacksMoved.parseFrom(bytes));
        case PURGED -> purged(Purged.parseFrom(bytes));
        case RESTORE_BEGUN -> RestoreCodec.begun(bytes);
        case RESTORE_TRIMMED -> RestoreCodec.trimmed(RestoreTrimmed.parseFrom(bytes));
        case PART_IDS_RESTORED -> RestoreCodec.partIds(PartIdsRestored.parseFrom(bytes));
        case RESTORED -> RestoreCodec.restored(bytes);
        default -> throw new IllegalArgumentException("unknown event manifest '" + manifest + "'");
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("damaged event with manifest '" + manifest + "'", e);
    }
  }

  private static MessageLite toProto(SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      RecordsAppended.Builder builder = RecordsAppended.newBuilder().setTrimmed(appended.trimmed());
      appended.appends().forEach(append -> builder.addAppends(toProto(append)));
      return builder.build();
    }
    if (event instanceof SessionEvent.Created created) {
      Created.Builder builder = Created.newBuilder().setInfo(InfoCodec.toProto(created.info()));
      if (created.timeout() != null) {
        builder.setTimeout(LifetimeCodec.toProto(created.timeout()));
      }
      if (created.agentId() != null) {
        builder.setAgentId(created.agentId());
      }
      return builder.build();
    }
    if (event instanceof SessionEvent.Updated updated) {
      return toProto(updated);
    }
    if (event instanceof SessionEvent.Closed closed) {
      Closed.Builder builder = Closed.newBuilder().setAt(closed.at().toEpochMilli());
      if (closed.reason() != null) {
        builder.setReason(closed.reason());
      }
      return builder.build();
    }
    if (event instanceof SessionEvent.RunSwapped swapped) {
      return RunSwapped.newBuilder()
          .setRunId(swapped.runId())
          .setAt(swapped.at().toEpochMilli())
          .build();
    }
    if (event instanceof SessionEvent.Touched touched) {
      return LifetimeCodec.toProto(touched);
    }
    if (event instanceof SessionEvent.TimeoutChanged changed) {
      return LifetimeCodec.toProto(changed);
    }
    if (event instanceof SessionEvent.Warned warned) {
      return LifetimeCodec.toProto(warned);
    }
    if (event instanceof SessionEvent.Expired expired) {
      return LifetimeCodec.toProto(expired);
    }
    if (event instanceof SessionEvent.TurnStarted started) {
      return TurnCodec.toProto(started);
    }
    if (event instanceof SessionEvent.TurnEnded ended) {
      return TurnCodec.toProto(ended);
    }
    if (event instanceof SessionEvent.WaitpointCreated created) {
      return WaitCodec.toProto(created);
    }
    if (event instanceof SessionEvent.WaitpointCompleted completed) {
      return WaitCodec.toProto(completed);
    }
    if (event instanceof SessionEvent.WaitpointsTimedOut timedOut) {
      return WaitCodec.toProto(timedOut);
    }
    if (event instanceof SessionEvent.CallbacksMoved moved) {
      return WaitCodec.toProto(moved);
    }
    if (event instanceof SessionEvent.Purged purged) {
      return Purged.newBuilder()
          .setVersion(purged.version())
          .setAt(purged.at().toEpochMilli())
          .build();
    }
    return RestoreCodec.toProto(event);
  }

  private static Updated toProto(SessionEvent.Updated event) {
    Updated.Builder builder =
        Updated.newBuilder()
            .setTriggerConfig(event.triggerConfig())
            .addAllTags(event.tags())
            .setAt(event.at().toEpochMilli());
    if (event.metadata() != null) {
      builder.setMetadata(event.metadata());
    }
    if (event.expiresAt() != null) {
      builder.setExpiresAt(event.expiresAt().toEpochMilli());
    }
    return builder.build();
  }

  private static StreamAppend toProto(dev.parley.session.StreamAppend append) {
    StreamAppend.Builder builder =
        StreamAppend.newBuilder()
            .setChannel(append.channel().name())
            .setOut(append.channel().direction() == Direction.OUT)
            .setFirstSeq(append.firstSeq())
            .setEndBytes(append.endBytes());
    for (dev.parley.session.StreamAppend.Entry entry : append.records()) {
      Entry.Builder record =
          Entry.newBuilder()
              .setTimestamp(entry.timestamp())
              .setBody(bytes(entry.content().body()))
              .setMessage(entry.message());
      for (Header header : entry.content().headers()) {
        record.addHeaders(
            dev.parley.journal.proto.Header.newBuilder()
                .setName(bytes(header.name()))
                .setValue(bytes(header.value())));
      }
      builder.addRecords(record);
    }
    if (append.partId() != null) {
      ByteBuffer digest = ByteBuffer.allocate(16);
      digest.putLong(append.partId().high()).putLong(append.partId().low());
      builder.setPart(UnsafeByteOperations.unsafeWrap(digest.array()));
    }
    return builder.build();
  }

  private static SessionEvent appended(RecordsAppended message) {
    List<dev.parley.session.StreamAppend> appends = new ArrayList<>(message.getAppendsCount());
    for (StreamAppend append : message.getAppendsList()) {
      appends.add(
          new dev.parley.session.StreamAppend(
              channel(append.getChannel(), append.getOut()),
              append.getFirstSeq(),
              append.getRecordsList().stream().map(EventCodec::entry).toList(),
              append.hasPart() ? partId(append.getPart()) : null,
              append.getEndBytes()));
    }
    return new SessionEvent.RecordsAppended(appends, message.getTrimmed());
  }

  /**
   * The stream of that name.
   *
   * @param name empty for the reserved pair
   */
  public static Channel channel(String name, boolean out) {
    if (name.isEmpty()) {
      return out ? Channel.OUT : Channel.IN;
    }
    return new Channel(name, out ? Direction.OUT : Direction.IN);
  }

  private static dev.parley.session.StreamAppend.Entry entry(Entry record) {
    List<Header> headers =
        record.getHeadersCount() == 0
            ? List.of()
            : record.getHeadersList().stream()
                .map(header -> new Header(bytes(header.getName()), bytes(header.getValue())))
                .toList();
    return new dev.parley.session.StreamAppend.Entry(
        record.getTimestamp(),
        new RecordContent(headers, bytes(record.getBody())),
        record.getMessage());
  }

  private static PartId partId(ByteString digest) {
    ByteBuffer buffer = digest.asReadOnlyByteBuffer();
    return new PartId(buffer.getLong(), buffer.getLong());
  }

  private static SessionEvent created(Created message) {
    return new SessionEvent.Created(
        InfoCodec.fromProto(message.getInfo()),
        message.hasTimeout() ? LifetimeCodec.fromProto(message.getTimeout()) : null,
        message.hasAgentId() ? message.getAgentId() : null);
  }

  private static SessionEvent updated(Updated message) {
    return new SessionEvent.Updated(
        message.getTriggerConfig(),
        message.getTagsList(),
        message.hasMetadata() ? message.getMetadata() : null,
        instant(message.hasExpiresAt(), message.getExpiresAt()),
        Instant.ofEpochMilli(message.getAt()));
  }

  private static SessionEvent closed(Closed message) {
    return new SessionEvent.Closed(
        Instant.ofEpochMilli(message.getAt()), message.hasReason() ? message.getReason() : null);
  }

  private static SessionEvent swapped(RunSwapped message) {
    return new SessionEvent.RunSwapped(message.getRunId(), Instant.ofEpochMilli(message.getAt()));
  }

  private static SessionEvent purged(Purged message) {
    return new SessionEvent.Purged(message.getVersion(), Instant.ofEpochMilli(message.getAt()));
  }

  /** The time in Unix milliseconds; null when it is absent. */
  public static @Nullable Instant instant(boolean present, long epochMillis) {
    return present ? Instant.ofEpochMilli(epochMillis) : null;
  }

  private static ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array());
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
