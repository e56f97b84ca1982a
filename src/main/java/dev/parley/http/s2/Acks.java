package dev.parley.http.s2;

import dev.parley.http.s2.proto.AppendAck;
import dev.parley.http.s2.proto.StreamPosition;
import dev.parley.http.shared.RecordsDocument;
import dev.parley.session.JsonBuffer;
import dev.parley.session.Position;
import dev.parley.session.SessionReply.Appended;

/** Acknowledgements, all three positions always present (s2.md sections 4.1 and 4.3). */
final class Acks {
  private Acks() {}

  static AppendAck message(Appended appended) {
    return AppendAck.newBuilder()
        .setStart(message(appended.start()))
        .setEnd(message(appended.end()))
        .setTail(message(appended.tail()))
        .build();
  }

  static byte[] json(Appended appended) {
    JsonBuffer out = new JsonBuffer(160);
    RecordsDocument.position(out.raw("{\"start\":"), appended.start());
    RecordsDocument.position(out.raw(",\"end\":"), appended.end());
    RecordsDocument.position(out.raw(",\"tail\":"), appended.tail());
    return out.raw("}").toBytes();
  }

  static StreamPosition message(Position position) {
    return StreamPosition.newBuilder()
        .setSeqNum(position.seq())
        .setTimestamp(position.timestamp())
        .build();
  }
}
