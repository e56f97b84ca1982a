package dev.parley.http.channels;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What becomes of the raw body of an append (trigger.md section 4.3). */
final class AppendBody {
  private static final byte[] MARK = "actionSource".getBytes(StandardCharsets.US_ASCII);

  /** The escape of half a surrogate pair; our parser refuses a name that has one alone. */
  private static final Pattern SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}");

  private AppendBody() {}

  /**
   * The envelope around the body as a string.
   *
   * @param partId the envelope's id
   */
  static Bytes envelope(byte[] body, Channel channel, String partId) {
    byte[] text = utf8(body);
    return Envelope.ofText(
        channel.direction() == Direction.IN ? withoutWebhookSource(text) : text, partId);
  }

  /** The bytes themselves if they are text, else with U+FFFD in the place of what is not. */
  private static byte[] utf8(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return body;
    } catch (CharacterCodingException e) {
      return new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * A client must not pass itself off as a webhook: {@code payload.actionSource} goes when it says
   * so. Only a body that may spell the field, plainly or by an escape, is parsed at all.
   *
   * @throws Refused with 400 when such a body is JSON that JavaScript would read and we can't
   */
  private static byte[] withoutWebhookSource(byte[] body) {
    if (!mayHold(body)) {
      return body;
    }
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      Optional<JsonNode> document = Json.parseWithinBounds(text);
      if (document.isEmpty()) {
        String wellFormed = SURROGATE.matcher(text).replaceAll("\\\\ufffd");
        if (Json.parseWithinBounds(wellFormed).filter(AppendBody::isFromWebhook).isPresent()) {
          throw refused("has half of a surrogate pair in a name");
        }
      }
      return document
          .filter(AppendBody::isFromWebhook)
          .map(
              json -> {
                ((ObjectNode) json.get("payload")).remove("actionSource");
                return Json.text(json).getBytes(StandardCharsets.UTF_8);
              })
          .orElse(body);
    } catch (StreamConstraintsException e) {
      throw refused(
          "is nested deeper than 1000 levels, or has a number or a name that is too long");
    }
  }

  private static Refused refused(String what) {
    return new Refused(
        Answers.json(
            400, Json.object().put("ok", false).put("error", "The JSON of the body " + what)));
  }

  private static boolean isFromWebhook(JsonNode document) {
    return document.path("payload").path("actionSource").asText("").equals("webhook");
  }

  private static boolean mayHold(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      byte b = body[i];
      if (b == '\\' && i + 1 < body.length && body[i + 1] == 'u') {
        return true;
      }
      if (b == MARK[0] && holdsAt(body, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsAt(byte[] body, int at) {
    if (body.length - at < MARK.length) {
      return false;
    }
    for (int i = 1; i < MARK.length; i++) {
      if (body[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }
}
