package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.PartId;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RecordContent;
import dev.parley.session.RestoredPiece;
import dev.parley.session.StreamAppend;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Writes and reads the lines of what belongs to a session: records and part ids. */
final class PieceJson {
  static final String RECORDS = "records";
  static final String PART_IDS = "partIds";

  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGEST_DIGITS = 32;

  private PieceJson() {}

  static ObjectNode line(RestoredPiece piece) {
    if (piece instanceof RestoredPiece.Records records) {
      StreamAppend append = records.append();
      ObjectNode node = StateJson.named(append.channel()).put("from", append.firstSeq());
      ArrayNode list = node.putArray("list");
      append.records().forEach(entry -> list.add(record(entry)));
      return Json.object().set(RECORDS, node);
    }
    if (piece instanceof RestoredPiece.Trimmed trimmed) {
      ObjectNode node = StateJson.named(trimmed.channel()).put("from", trimmed.toSeq());
      return Json.object().set(RECORDS, node.put("trimmed", true));
    }
    return Json.object().set(PART_IDS, partIds((RestoredPiece.PartIds) piece));
  }

  private static ObjectNode record(StreamAppend.Entry entry) {
    ObjectNode record = Json.object().put("at", entry.timestamp());
    if (!entry.content().body().isEmpty()) {
      record.put("body", entry.content().body().array());
    }
    if (!entry.content().headers().isEmpty()) {
      ArrayNode headers = record.putArray("headers");
      for (Header header : entry.content().headers()) {
        headers.addArray().add(header.name().array()).add(header.value().array());
      }
    }
    if (entry.message()) {
      record.put("message", true);
    }
    return record;
  }

  private static ObjectNode partIds(RestoredPiece.PartIds piece) {
    ObjectNode node = StateJson.named(piece.channel()).put("batches", piece.batches());
    ArrayNode list = node.put("at", piece.ids().newestAt()).putArray("list");
    PartIdWindow.Block ids = piece.ids();
    for (int i = 0; i < ids.seqs().length; i++) {
      list.addArray()
          .add(HEX.toHexDigits(ids.high()[i]) + HEX.toHexDigits(ids.low()[i]))
          .add(ids.seqs()[i]);
    }
    return node;
  }

  /**
   * The piece in a line of records.
   *
   * @throws LineRefused when it is none
   */
  static RestoredPiece records(JsonNode line) {
    Fields fields = Fields.of(line, RECORDS);
    Channel channel = StateReader.channel(fields);
    long from = fields.number("from");
    if (fields.truth("trimmed")) {
      return new RestoredPiece.Trimmed(channel, from);
    }
    List<StreamAppend.Entry> entries = fields.objects("list", PieceJson::entry);
    if (entries.isEmpty()) {
      throw new LineRefused("records.list must hold a record");
    }
    return new RestoredPiece.Records(new StreamAppend(channel, from, entries, null));
  }

  private static StreamAppend.Entry entry(Fields record) {
    List<Header> headers = new ArrayList<>();
    for (JsonNode header : record.list("headers")) {
      if (!header.isArray() || header.size() != 2) {
        throw new LineRefused("records.list.headers must be pairs of name and value");
      }
      headers.add(
          new Header(
              Bytes.wrap(record.bytes(header.get(0), "headers")),
              Bytes.wrap(record.bytes(header.get(1), "headers"))));
    }
    return new StreamAppend.Entry(
        record.number("at"),
        new RecordContent(headers, Bytes.wrap(record.bytes("body"))),
        record.truth("message"));
  }

  /**
   * The piece in a line of part ids.
   *
   * @throws LineRefused when it is none
   */
  static RestoredPiece partIds(JsonNode line) {
    Fields fields = Fields.of(line, PART_IDS);
    List<JsonNode> list = fields.list("list");
    long[] high = new long[list.size()];
    long[] low = new long[list.size()];
    long[] seqs = new long[list.size()];
    for (int i = 0; i < list.size(); i++) {
      JsonNode pair = list.get(i);
      PartId id = digest(pair.path(0).asText());
      high[i] = id.high();
      low[i] = id.low();
      seqs[i] = pair.path(1).asLong(-1);
    }
    return new RestoredPiece.PartIds(
        StateReader.channel(fields),
        fields.truth("batches"),
        new PartIdWindow.Block(fields.number("at"), high, low, seqs));
  }

  private static PartId digest(String text) {
    if (text.length() != DIGEST_DIGITS
        || !IntStream.range(0, DIGEST_DIGITS).allMatch(i -> HexFormat.isHexDigit(text.charAt(i)))) {
      throw new LineRefused("partIds.list must be pairs of 32 hexadecimal digits and a number");
    }
    int half = DIGEST_DIGITS / 2;
    return new PartId(
        HexFormat.fromHexDigitsToLong(text, 0, half),
        HexFormat.fromHexDigitsToLong(text, half, DIGEST_DIGITS));
  }
}
