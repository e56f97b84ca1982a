package dev.parley.http.s2;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.parley.http.s2.proto.AppendInput;
import dev.parley.http.s2.proto.AppendRecord;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Appends as protobuf messages (s2.md section 4.3). */
final class AppendInputs {
  private AppendInputs() {}

  /**
   * The append in a message.
   *
   * @throws IOException when the bytes are no {@code AppendInput}
   */
  static Append parse(Channel channel, ByteString message) throws IOException {
    CodedInputStream bytes = message.newCodedInput();
    // The message is never written again, so its parts need no copies of their own.
    bytes.enableAliasing(true);
    AppendInput input = AppendInput.parseFrom(bytes);
    List<Draft> records = new ArrayList<>(input.getRecordsCount());
    for (AppendRecord record : input.getRecordsList()) {
      records.add(
          new Draft(
              record.hasTimestamp() ? unsigned(record.getTimestamp()) : null, content(record)));
    }
    return new Append(
        channel,
        records,
        null,
        input.hasMatchSeqNum() ? unsigned(input.getMatchSeqNum()) : null,
        input.hasFencingToken() ? input.getFencingToken() : null,
        false);
  }

  private static RecordContent content(AppendRecord record) {
    Bytes body = Bytes.wrap(record.getBody().toByteArray());
    if (record.getHeadersCount() == 0) {
      return RecordContent.of(body);
    }
    List<Header> headers = new ArrayList<>(record.getHeadersCount());
    for (dev.parley.http.s2.proto.Header header : record.getHeadersList()) {
      headers.add(
          new Header(
              Bytes.wrap(header.getName().toByteArray()),
              Bytes.wrap(header.getValue().toByteArray())));
    }
    return new RecordContent(headers, body);
  }

  /** Unsigned on the wire; what does not fit here is beyond every tail and every clock. */
  private static long unsigned(long value) {
    return value < 0 ? Long.MAX_VALUE : value;
  }
}
