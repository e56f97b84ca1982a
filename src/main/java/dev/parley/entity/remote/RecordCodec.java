package dev.parley.entity.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.parley.entity.RecordBatch;
import dev.parley.entity.remote.proto.Batch;
import dev.parley.entity.remote.proto.ConversationMessage;
import dev.parley.entity.remote.proto.Record;
import dev.parley.session.Bytes;
import dev.parley.session.Header;
import dev.parley.session.Message;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Records and messages of conversations. A record takes at most a 128th more than its metered size
 * and 32 bytes for tags, lengths and its timestamp: a header is metered with two bytes beside its
 * name and value, which is what their lengths take as long as they are below 128.
 */
final class RecordCodec {
  private RecordCodec() {}

  static Record toProto(Draft draft) {
    Record.Builder record = Record.newBuilder();
    if (draft.timestamp() != null) {
      record.setTimestamp(draft.timestamp());
    }
    if (draft.message() == null) {
      put(draft.content(), record);
    } else {
      record.setMessage(toProto(draft.message()));
    }
    return record.build();
  }

  static Draft draft(Record record) {
    Long timestamp = record.hasTimestamp() ? record.getTimestamp() : null;
    if (!record.hasMessage()) {
      return new Draft(timestamp, content(record));
    }
    Message message = message(record.getMessage());
    return new Draft(timestamp, Draft.of(message).content(), message);
  }

  static Batch toProto(RecordBatch batch) {
    Batch.Builder builder =
        Batch.newBuilder().setFirstSeq(batch.firstSeq()).setTail(ReadCodec.toProto(batch.tail()));
    for (SequencedRecord sequenced : batch.records()) {
      Record.Builder record = Record.newBuilder().setTimestamp(sequenced.timestamp());
      put(sequenced.content(), record);
      builder.addRecords(record);
    }
    return builder.build();
  }

  static RecordBatch batch(Batch batch) {
    if (batch.getRecordsCount() == 0) {
      throw new IllegalArgumentException("a batch without records");
    }
    Position tail = ReadCodec.position(batch.getTail());
    List<SequencedRecord> records = new ArrayList<>(batch.getRecordsCount());
    long seq = batch.getFirstSeq();
    for (Record record : batch.getRecordsList()) {
      records.add(new SequencedRecord(seq++, record.getTimestamp(), content(record)));
    }
    return new RecordBatch(records, tail);
  }

  static void put(RecordContent content, Record.Builder record) {
    record.setBody(UnsafeByteOperations.unsafeWrap(content.body().array()));
    List<Header> headers = content.headers();
    if (headers.isEmpty()) {
      return;
    }
    int size = 0;
    for (Header header : headers) {
      record.addHeaderLengths(header.name().length()).addHeaderLengths(header.value().length());
      size += header.name().length() + header.value().length();
    }
    byte[] all = new byte[size];
    int end = 0;
    for (Header header : headers) {
      end = copy(header.value(), all, copy(header.name(), all, end));
    }
    record.setHeaders(UnsafeByteOperations.unsafeWrap(all));
  }

  private static int copy(Bytes from, byte[] to, int at) {
    System.arraycopy(from.array(), 0, to, at, from.length());
    return at + from.length();
  }

  static RecordContent content(Record record) {
    Bytes body = Bytes.wrap(record.getBody().toByteArray());
    int lengths = record.getHeaderLengthsCount();
    if (lengths == 0) {
      return RecordContent.of(body);
    }
    if (lengths % 2 != 0) {
      throw new IllegalArgumentException("a header without a value");
    }
    List<Header> headers = new ArrayList<>(lengths / 2);
    int end = 0;
    for (int i = 0; i < lengths; i += 2) {
      Bytes name = part(record.getHeaders(), end, record.getHeaderLengths(i));
      end += name.length();
      Bytes value = part(record.getHeaders(), end, record.getHeaderLengths(i + 1));
      end += value.length();
      headers.add(new Header(name, value));
    }
    return new RecordContent(headers, body);
  }

  private static Bytes part(ByteString all, int from, int length) {
    if (length < 0 || length > all.size() - from) {
      throw new IllegalArgumentException(
          "headers of %d bytes have none of %d at %d".formatted(all.size(), length, from));
    }
    byte[] part = new byte[length];
    all.copyTo(part, from, 0, length);
    return Bytes.wrap(part);
  }

  static ConversationMessage toProto(Message message) {
    ConversationMessage.Builder builder =
        ConversationMessage.newBuilder()
            .setId(text(message.id()))
            .setOfAgent(message.role() == Message.Role.AGENT)
            .setContent(text(message.content()))
            .setAuthorId(text(message.authorId()))
            .setMore(message.more())
            .setRecordId(text(message.recordId()));
    if (message.inReplyTo() != null) {
      builder.setInReplyTo(text(message.inReplyTo()));
    }
    return builder.build();
  }

  static Message message(ConversationMessage message) {
    return new Message(
        text(message.getId()),
        message.getOfAgent() ? Message.Role.AGENT : Message.Role.USER,
        text(message.getContent()),
        text(message.getAuthorId()),
        message.hasInReplyTo() ? text(message.getInReplyTo()) : null,
        message.getMore(),
        text(message.getRecordId()));
  }

  static dev.parley.entity.remote.proto.Text text(String text) {
    dev.parley.entity.remote.proto.Text.Builder builder =
        dev.parley.entity.remote.proto.Text.newBuilder();
    int plain = 0;
    for (int half = Text.halfPair(text, 0); half >= 0; half = Text.halfPair(text, plain)) {
      builder.addPieces(text.substring(plain, half)).addHalves(text.charAt(half));
      plain = half + 1;
    }
    return builder.addPieces(text.substring(plain)).build();
  }

  static String text(dev.parley.entity.remote.proto.Text text) {
    int halves = text.getHalvesCount();
    if (text.getPiecesCount() != halves + 1) {
      throw new IllegalArgumentException(
          "text of %d pieces and %d halves of pairs".formatted(text.getPiecesCount(), halves));
    }
    if (halves == 0) {
      return text.getPieces(0);
    }
    StringBuilder whole = new StringBuilder();
    for (int i = 0; i < halves; i++) {
      whole.append(text.getPieces(i)).append((char) text.getHalves(i));
    }
    return whole.append(text.getPieces(halves)).toString();
  }
}
