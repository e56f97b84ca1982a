package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.auth.Spans;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.JsDates;
import dev.parley.http.shared.Refused;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request for a waitpoint asks for (trigger.md section 5.1, across.md section 3). */
final class WaitBodies {
  private static final int MAX_TAGS = 10;
  private static final Duration KEY_TTL = Duration.ofDays(30);
  private static final Pattern KEY_TTL_FORM = Pattern.compile("[0-9]{1,9}[smhd]");

  private WaitBodies() {}

  /**
   * @param channel to wait on; null for none
   * @param callback who is told of the end; null for nobody
   * @param rowRequired whether a session without a row refuses
   * @throws Refused 400 or 422 for what breaks a rule
   */
  static Wait parse(
      JsonNode body,
      String id,
      @Nullable Channel channel,
      @Nullable Callback callback,
      boolean rowRequired,
      Instant now) {
    JsonNode key = body.path("idempotencyKey");
    boolean hasKey = key.isTextual() && !key.textValue().isEmpty();
    return new Wait(
        id,
        channel,
        body.path("lastSeqNum").asLong(-1),
        timeout(body.path("timeout"), now),
        tags(body.path("tags")),
        hasKey ? key.textValue() : null,
        hasKey ? now.plus(keyTtl(body.path("idempotencyKeyTTL"))) : null,
        callback,
        rowRequired);
  }

  /**
   * Who is to be told of the end; null for nobody.
   *
   * @param origin of this server, as the client sees it
   * @param problem why a URL can't be used
   * @throws Refused 400 for a URL that can't be used
   */
  static @Nullable Callback callback(
      JsonNode body, String origin, Function<String, Optional<String>> problem) {
    JsonNode url = body.path("callbackUrl");
    if (!url.isTextual()) {
      return null;
    }
    String text = url.textValue().trim();
    problem
        .apply(text)
        .ifPresent(
            what -> {
              throw refused(400, "callbackUrl can't be used: " + what);
            });
    return Callback.to(text, origin);
  }

  private static @Nullable Instant timeout(JsonNode timeout, Instant now) {
    if (timeout.isMissingNode() || timeout.isNull()) {
      return null;
    }
    String text = timeout.textValue();
    return Spans.parse(text)
        .map(now::plus)
        .or(() -> JsDates.parse(TextNode.valueOf(text)))
        .orElseThrow(
            () ->
                refused(
                    400,
                    "timeout must be a date or a span such as 30s, 10m, 1h or 7d, got '"
                        + shortened(text)
                        + "'"));
  }

  private static Duration keyTtl(JsonNode ttl) {
    if (ttl.isMissingNode() || ttl.isNull()) {
      return KEY_TTL;
    }
    return Optional.of(ttl.textValue())
        .filter(text -> KEY_TTL_FORM.matcher(text).matches())
        .flatMap(Spans::parse)
        .orElseThrow(
            () -> refused(400, "idempotencyKeyTTL must be a number and one of s, m, h and d"));
  }

  private static List<String> tags(JsonNode tags) {
    List<String> result = new ArrayList<>();
    if (tags.isTextual()) {
      result.add(tags.textValue());
    } else {
      tags.forEach(tag -> result.add(tag.textValue()));
    }
    if (result.size() > MAX_TAGS) {
      throw refused(422, "Waitpoints can only have 10 tags, you're trying to set " + result.size());
    }
    return result;
  }

  private static String shortened(String text) {
    return text.length() <= 50 ? text : text.substring(0, 50) + "…";
  }

  private static Refused refused(int status, String text) {
    return new Refused(Answers.error(status, text));
  }
}
