package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.RecordsDocument.Form;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends as JSON documents (s2.md section 4.1). Every misfit is 400 {@code bad_json}. */
final class AppendJson {
  private static final int BASE64_QUANTUM = 4;

  private final Form form;

  private AppendJson(Form form) {
    this.form = form;
  }

  /**
   * The append in a document.
   *
   * @param form of names, values and bodies
   * @throws S2Refused when the bytes are no such document
   */
  static Append parse(Channel channel, byte[] document, Form form) {
    JsonNode root = Json.parse(document).orElseThrow(() -> bad("the body is no JSON document"));
    JsonNode records = root.path("records");
    if (!records.isArray()) {
      throw bad("records must be an array");
    }
    AppendJson json = new AppendJson(form);
    List<Draft> drafts = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      drafts.add(json.draft(records.get(i), "records[" + i + "]"));
    }
    JsonNode fencingToken = root.path("fencing_token");
    return new Append(
        channel,
        drafts,
        null,
        unsigned(root.path("match_seq_num"), "match_seq_num"),
        isAbsent(fencingToken) ? null : string(fencingToken, "fencing_token"),
        false);
  }

  private Draft draft(JsonNode record, String at) {
    if (!record.isObject()) {
      throw bad(at + " must be an object");
    }
    JsonNode body = record.path("body");
    return new Draft(
        unsigned(record.path("timestamp"), at + ".timestamp"),
        new RecordContent(
            headers(record.path("headers"), at + ".headers"),
            isAbsent(body) ? Bytes.EMPTY : bytes(body, at + ".body")));
  }

  private List<Header> headers(JsonNode headers, String at) {
    if (isAbsent(headers)) {
      return List.of();
    }
    if (!headers.isArray()) {
      throw bad(at + " must be an array");
    }
    List<Header> result = new ArrayList<>(headers.size());
    for (JsonNode header : headers) {
      if (!header.isArray() || header.size() != 2) {
        throw bad(at + " must hold pairs of a name and a value");
      }
      result.add(new Header(bytes(header.get(0), at), bytes(header.get(1), at)));
    }
    return result;
  }

  private Bytes bytes(JsonNode node, String at) {
    String text = string(node, at);
    if (form == Form.RAW) {
      return utf8(text, at);
    }
    try {
      if (text.length() % BASE64_QUANTUM == 0) {
        return Bytes.wrap(Base64.getDecoder().decode(text));
      }
    } catch (IllegalArgumentException e) {
      // The text below says all that the sender needs.
    }
    throw bad(at + " must be standard base64 with padding");
  }

  private static Bytes utf8(String text, String at) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return Bytes.wrap(bytes);
    } catch (CharacterCodingException e) {
      throw bad(at + " has half of a surrogate pair, which is no text");
    }
  }

  private static String string(JsonNode node, String at) {
    if (!node.isTextual()) {
      throw bad(at + " must be a string");
    }
    return node.textValue();
  }

  private static @Nullable Long unsigned(JsonNode node, String at) {
    if (isAbsent(node)) {
      return null;
    }
    if (!node.isIntegralNumber()
        || node.bigIntegerValue().signum() < 0
        || node.bigIntegerValue().bitLength() > Long.SIZE) {
      throw bad(at + " must be an unsigned number of 64 bits");
    }
    return node.canConvertToLong() ? node.longValue() : Long.MAX_VALUE;
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static S2Refused bad(String message) {
    return S2Error.of(400, "bad_json", message).refused();
  }
}
