package dev.parley.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parley.journal.proto.PartBlock;
import dev.parley.journal.proto.Snapshot;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Retention;
import dev.parley.session.Session;
import dev.parley.session.SessionId;
import dev.parley.session.SparseIndex;
import dev.parley.session.Waitpoints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The state of a session to and from its stored form. */
public final class SnapshotCodec {
  private SnapshotCodec() {}

  /**
   * What a snapshot kept.
   *
   * @param reclaimedTo for streams that were trimmed: no event holds a record below this number
   */
  public record Restored(Session session, Map<Channel, Long> reclaimedTo) {}

  /**
   * @param reclaimedTo how far the journal was already relieved of trimmed records
   */
  public static StoredSnapshot encode(Session session, Map<Channel, Long> reclaimedTo) {
    return new StoredSnapshot(toProto(session, reclaimedTo).toByteArray());
  }

  /** As it is stored, within another message. */
  public static Snapshot toProto(Session session, Map<Channel, Long> reclaimedTo) {
    Snapshot.Builder builder =
        Snapshot.newBuilder()
            .setVersion(session.version())
            .setGeneration(session.retention().generation());
    if (session.info() != null) {
      builder.setInfo(InfoCodec.toProto(session.info()));
    }
    session
        .storedChannels()
        .forEach(
            (channel, state) ->
                builder.addChannels(
                    toProto(channel, state).setReclaimedTo(reclaimedTo.getOrDefault(channel, 0L))));
    session.waitpoints().all().forEach(w -> builder.addWaitpoints(WaitCodec.toProto(w)));
    Clockwork clockwork = session.clockwork();
    if (clockwork != null) {
      builder.setLifetime(LifetimeCodec.toProto(clockwork.lifetime()));
      if (clockwork.reportedAt() != null) {
        builder.setRenewalReportedAt(clockwork.reportedAt().toEpochMilli());
      }
      if (clockwork.unreported() != null) {
        builder.setUnreportedCause(clockwork.unreported().cause());
      }
    }
    if (session.turns() != null) {
      TurnCodec.put(session.turns(), builder);
    }
    if (session.restoring() != null) {
      builder.setRestoring(toProto(session.restoring(), Map.of()));
    }
    return builder.setLastMessageAt(session.lastMessageAt()).build();
  }

  /**
   * @param id whose snapshot it is
   * @throws IllegalArgumentException when the bytes are no snapshot
   */
  public static Restored decode(SessionId id, StoredSnapshot snapshot) {
    try {
      Snapshot message = Snapshot.parseFrom(snapshot.bytes());
      Map<Channel, Long> reclaimedTo = new HashMap<>();
      for (dev.parley.journal.proto.ChannelState state : message.getChannelsList()) {
        if (state.getReclaimedTo() > 0) {
          Channel channel = EventCodec.channel(state.getChannel(), state.getOut());
          reclaimedTo.put(channel, state.getReclaimedTo());
        }
      }
      return new Restored(fromProto(id, message), reclaimedTo);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("damaged snapshot of " + id, e);
    }
  }

  /**
   * The state within another message.
   *
   * @param id whose state it is
   */
  public static Session fromProto(SessionId id, Snapshot message) {
    Map<Channel, ChannelState> channels = new HashMap<>();
    for (dev.parley.journal.proto.ChannelState state : message.getChannelsList()) {
      channels.put(EventCodec.channel(state.getChannel(), state.getOut()), fromProto(state));
    }
    Session session =
        Session.restore(
                id,
                message.hasInfo() ? InfoCodec.fromProto(message.getInfo()) : null,
                message.getVersion(),
                channels,
                Waitpoints.of(
                    message.getWaitpointsList().stream().map(WaitCodec::fromProto).toList()),
                clockwork(message),
                TurnCodec.turns(message),
                message.getLastMessageAt())
            .with(new Retention(null, message.getGeneration()));
    return message.hasRestoring()
        ? session.restoring(channels, fromProto(id, message.getRestoring()))
        : session;
  }

  private static @Nullable Clockwork clockwork(Snapshot message) {
    return message.hasLifetime()
        ? new Clockwork(
            LifetimeCodec.fromProto(message.getLifetime()),
            EventCodec.instant(message.hasRenewalReportedAt(), message.getRenewalReportedAt()),
            message.hasUnreportedCause()
                ? LifetimeCodec.activity(message.getUnreportedCause())
                : null)
        : null;
  }

  private static dev.parley.journal.proto.ChannelState.Builder toProto(
      Channel channel, ChannelState state) {
    dev.parley.journal.proto.ChannelState.Builder builder =
        dev.parley.journal.proto.ChannelState.newBuilder()
            .setChannel(channel.name())
            .setOut(channel.direction() == Direction.OUT)
            .setNextSeq(state.nextSeq())
            .setTrimPoint(state.trimPoint())
            .setFencingToken(state.fencingToken())
            .setLastTimestamp(state.lastTimestamp())
            .setSettled(state.settled())
            .setNewestEnd(state.newestSeq() + 1)
            .setBytes(state.bytes())
            .setIndexStride(state.index().stride());
    LongStream.of(state.index().seqs()).forEach(builder::addIndexSeqs);
    LongStream.of(state.index().versions()).forEach(builder::addIndexVersions);
    LongStream.of(state.index().timestamps()).forEach(builder::addIndexTimestamps);
    state.partIds().blocks().forEach(block -> builder.addParts(toProto(block)));
    state.batches().blocks().forEach(block -> builder.addBatches(toProto(block)));
    return builder;
  }

  private static ChannelState fromProto(dev.parley.journal.proto.ChannelState message) {
    return new ChannelState(
        message.getNextSeq(),
        message.getTrimPoint(),
        message.getFencingToken(),
        message.getLastTimestamp(),
        message.getSettled(),
        (message.hasNewestEnd() ? message.getNewestEnd() : message.getNextSeq()) - 1,
        message.getBytes(),
        SparseIndex.of(
            message.getIndexStride(),
            longs(message.getIndexSeqsList()),
            longs(message.getIndexVersionsList()),
            indexTimestamps(message)),
        PartIdWindow.EMPTY.with(blocks(message.getPartsList())),
        PartIdWindow.NO_BATCHES.with(blocks(message.getBatchesList())));
  }

  /** Part ids as they are stored. */
  public static PartBlock toProto(PartIdWindow.Block block) {
    PartBlock.Builder part = PartBlock.newBuilder().setNewestAt(block.newestAt());
    LongStream.of(block.high()).forEach(part::addHigh);
    LongStream.of(block.low()).forEach(part::addLow);
    LongStream.of(block.seqs()).forEach(part::addSeqs);
    return part.build();
  }

  private static List<PartIdWindow.Block> blocks(List<PartBlock> stored) {
    return stored.stream().map(SnapshotCodec::fromProto).toList();
  }

  /** The part ids that were stored. */
  public static PartIdWindow.Block fromProto(PartBlock block) {
    return new PartIdWindow.Block(
        block.getNewestAt(),
        longs(block.getHighList()),
        longs(block.getLowList()),
        longs(block.getSeqsList()));
  }

  /** Where a snapshot is older than its timestamps, no record is known to be before any time. */
  private static long[] indexTimestamps(dev.parley.journal.proto.ChannelState message) {
    if (message.getIndexTimestampsCount() == message.getIndexSeqsCount()) {
      return longs(message.getIndexTimestampsList());
    }
    return LongStream.generate(() -> Long.MAX_VALUE).limit(message.getIndexSeqsCount()).toArray();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
