package dev.parley.entity.remote;

import dev.parley.entity.remote.proto.PortrayedReply;
import dev.parley.entity.remote.proto.RecalledReply;
import dev.parley.entity.remote.proto.Record;
import dev.parley.entity.remote.proto.RestoreCommand;
import dev.parley.entity.remote.proto.RestoredRecords;
import dev.parley.journal.EventCodec;
import dev.parley.journal.RestoreCodec;
import dev.parley.journal.SnapshotCodec;
import dev.parley.session.Direction;
import dev.parley.session.RestoredPiece;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is said when a session is copied, or comes from a copy. */
final class RestoreMessages {
  private RestoreMessages() {}

  static RestoreCommand toProto(SessionCommand.Restore restore) {
    RestoreCommand.Builder builder =
        RestoreCommand.newBuilder()
            .setEntityId(restore.target().id().entityId())
            .setTarget(SnapshotCodec.toProto(restore.target(), Map.of()))
            .setLast(restore.last());
    restore.pieces().forEach(piece -> builder.addPieces(toProto(piece)));
    return builder.build();
  }

  static SessionCommand restore(RestoreCommand message) {
    return new SessionCommand.Restore(
        SnapshotCodec.fromProto(RestoreCodec.id(message.getEntityId()), message.getTarget()),
        message.getPiecesList().stream().map(RestoreMessages::piece).toList(),
        message.getLast());
  }

  private static dev.parley.entity.remote.proto.RestoredPiece toProto(RestoredPiece piece) {
    dev.parley.entity.remote.proto.RestoredPiece.Builder builder =
        dev.parley.entity.remote.proto.RestoredPiece.newBuilder();
    if (piece instanceof RestoredPiece.Records records) {
      builder.setRecords(toProto(records.append()));
    } else if (piece instanceof RestoredPiece.Trimmed trimmed) {
      builder.setTrimmed(RestoreCodec.trimmed(trimmed.channel(), trimmed.toSeq()));
    } else if (piece instanceof RestoredPiece.PartIds ids) {
      builder.setPartIds(
          RestoreCodec.partIds(
              new SessionEvent.PartIdsRestored(ids.channel(), ids.batches(), ids.ids())));
    }
    return builder.build();
  }

  private static RestoredPiece piece(dev.parley.entity.remote.proto.RestoredPiece piece) {
    return switch (piece.getPieceCase()) {
      case RECORDS -> new RestoredPiece.Records(append(piece.getRecords()));
      case TRIMMED -> {
        SessionEvent.RestoreTrimmed trimmed = RestoreCodec.trimmed(piece.getTrimmed());
        yield new RestoredPiece.Trimmed(trimmed.channel(), trimmed.toSeq());
      }
      case PART_IDS -> {
        SessionEvent.PartIdsRestored ids = RestoreCodec.partIds(piece.getPartIds());
        yield new RestoredPiece.PartIds(ids.channel(), ids.batches(), ids.ids());
      }
      case PIECE_NOT_SET ->
          throw new IllegalArgumentException("a piece that this version does not know");
    };
  }

  private static RestoredRecords toProto(StreamAppend append) {
    RestoredRecords.Builder builder =
        RestoredRecords.newBuilder()
            .setChannel(append.channel().name())
            .setOut(append.channel().direction() == Direction.OUT)
            .setFirstSeq(append.firstSeq());
    for (int i = 0; i < append.records().size(); i++) {
      StreamAppend.Entry entry = append.records().get(i);
      Record.Builder record = Record.newBuilder().setTimestamp(entry.timestamp());
      RecordCodec.put(entry.content(), record);
      builder.addRecords(record);
      if (entry.message()) {
        builder.addMessages(i);
      }
    }
    return builder.build();
  }

  private static StreamAppend append(RestoredRecords message) {
    Set<Integer> messages = new HashSet<>(message.getMessagesList());
    List<StreamAppend.Entry> entries = new ArrayList<>(message.getRecordsCount());
    for (Record record : message.getRecordsList()) {
      boolean said = messages.contains(entries.size());
      entries.add(new StreamAppend.Entry(record.getTimestamp(), RecordCodec.content(record), said));
    }
    return new StreamAppend(
        EventCodec.channel(message.getChannel(), message.getOut()),
        message.getFirstSeq(),
        entries,
        null);
  }

  static PortrayedReply toProto(SessionReply.Portrayed portrayed) {
    return PortrayedReply.newBuilder()
        .setEntityId(portrayed.session().id().entityId())
        .setSession(SnapshotCodec.toProto(portrayed.session(), Map.of()))
        .setVersion(portrayed.version())
        .setGeneration(portrayed.generation())
        .setRestoring(portrayed.restoring())
        .build();
  }

  static SessionReply portrayed(PortrayedReply message) {
    return new SessionReply.Portrayed(
        SnapshotCodec.fromProto(RestoreCodec.id(message.getEntityId()), message.getSession()),
        message.getVersion(),
        message.getGeneration(),
        message.getRestoring());
  }

  static RecalledReply toProto(SessionReply.Recalled recalled) {
    RecalledReply.Builder builder = RecalledReply.newBuilder();
    recalled.blocks().forEach(block -> builder.addBlocks(SnapshotCodec.toProto(block)));
    return builder.build();
  }

  static SessionReply recalled(RecalledReply message) {
    return new SessionReply.Recalled(
        message.getBlocksList().stream().map(SnapshotCodec::fromProto).toList());
  }
}
