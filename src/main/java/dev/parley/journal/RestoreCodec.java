package dev.parley.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.parley.journal.proto.PartIdsRestored;
import dev.parley.journal.proto.RestoreBegun;
import dev.parley.journal.proto.RestoreTrimmed;
import dev.parley.journal.proto.Restored;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.time.Instant;
import java.util.Map;

/** The events by which a session comes from a copy. */
public final class RestoreCodec {
  private RestoreCodec() {}

  static RestoreBegun toProto(SessionEvent.RestoreBegun event) {
    return RestoreBegun.newBuilder()
        .setEntityId(event.target().id().entityId())
        .setTarget(SnapshotCodec.toProto(event.target(), Map.of()))
        .setAt(event.at().toEpochMilli())
        .build();
  }

  static Restored toProto(SessionEvent.Restored event) {
    return Restored.newBuilder()
        .setEntityId(event.session().id().entityId())
        .setSession(SnapshotCodec.toProto(event.session(), Map.of()))
        .setAt(event.at().toEpochMilli())
        .build();
  }

  /** The message of one of these events. */
  static MessageLite toProto(SessionEvent event) {
    if (event instanceof SessionEvent.RestoreBegun begun) {
      return toProto(begun);
    }
    if (event instanceof SessionEvent.RestoreTrimmed trimmed) {
      return trimmed(trimmed.channel(), trimmed.toSeq());
    }
    if (event instanceof SessionEvent.PartIdsRestored ids) {
      return partIds(ids);
    }
    if (event instanceof SessionEvent.Restored restored) {
      return toProto(restored);
    }
    throw new IllegalArgumentException("no message for " + event.getClass().getName());
  }

  /** A trim as it is stored and sent. */
  public static RestoreTrimmed trimmed(Channel channel, long toSeq) {
    return RestoreTrimmed.newBuilder()
        .setChannel(channel.name())
        .setOut(channel.direction() == Direction.OUT)
        .setToSeq(toSeq)
        .build();
  }

  /** Part ids as they are stored and sent. */
  public static PartIdsRestored partIds(SessionEvent.PartIdsRestored event) {
    return PartIdsRestored.newBuilder()
        .setChannel(event.channel().name())
        .setOut(event.channel().direction() == Direction.OUT)
        .setBatches(event.batches())
        .setIds(SnapshotCodec.toProto(event.ids()))
        .build();
  }

  /**
   * The session that an entity is.
   *
   * @throws IllegalArgumentException when no entity has that name
   */
  public static SessionId id(String entityId) {
    if (entityId.indexOf('/') < 0) {
      throw new IllegalArgumentException("no entity of a session is called '" + entityId + "'");
    }
    return SessionId.ofEntityId(entityId);
  }

  static SessionEvent begun(byte[] bytes) throws InvalidProtocolBufferException {
    RestoreBegun message = RestoreBegun.parseFrom(bytes);
    SessionId id = id(message.getEntityId());
    Session target = SnapshotCodec.fromProto(id, message.getTarget());
    return new SessionEvent.RestoreBegun(target, Instant.ofEpochMilli(message.getAt()));
  }

  static SessionEvent restored(byte[] bytes) throws InvalidProtocolBufferException {
    Restored message = Restored.parseFrom(bytes);
    SessionId id = id(message.getEntityId());
    Session session = SnapshotCodec.fromProto(id, message.getSession());
    return new SessionEvent.Restored(session, Instant.ofEpochMilli(message.getAt()));
  }

  /** The trim that was stored or sent. */
  public static SessionEvent.RestoreTrimmed trimmed(RestoreTrimmed message) {
    return new SessionEvent.RestoreTrimmed(
        EventCodec.channel(message.getChannel(), message.getOut()), message.getToSeq());
  }

  /** The part ids that were stored or sent. */
  public static SessionEvent.PartIdsRestored partIds(PartIdsRestored message) {
    return new SessionEvent.PartIdsRestored(
        EventCodec.channel(message.getChannel(), message.getOut()),
        message.getBatches(),
        SnapshotCodec.fromProto(message.getIds()));
  }
}
