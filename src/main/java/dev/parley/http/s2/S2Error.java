package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.session.Position;
import dev.parley.session.SessionReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An error of the data plane (s2.md section 6). It is the answer to a request, or the last frame of
 * a session that has begun.
 *
 * @param retryAfter when the client may come again, if it may
 */
record S2Error(int status, JsonNode body, @Nullable Duration retryAfter) {
  private static final Duration SOON = Duration.ofSeconds(1);

  static S2Error of(int status, String code, String message) {
    return new S2Error(status, body(code, message), null);
  }

  /** 422: understood, but against the rules of section 3. */
  static S2Error invalid(String message) {
    return of(422, "invalid", message);
  }

  /** 503: the client may try again. */
  static S2Error unavailable(String message) {
    return new S2Error(503, body("unavailable", message), SOON);
  }

  /** 503: this node is about to leave; another one, or this one later, takes what follows. */
  static S2Error draining() {
    return new S2Error(503, body("server_draining", "this server is about to leave"), SOON);
  }

  /** 416: the read begins where nothing is (section 5.1). */
  static S2Error rangeNotSatisfiable(Position tail) {
    return new S2Error(
        416,
        Json.object()
            .set(
                "tail",
                Json.object().put("seq_num", tail.seq()).put("timestamp", tail.timestamp())),
        null);
  }

  /** 403: the credential was made for a session that has been purged since. */
  static S2Error purged() {
    return of(
        403,
        "permission_denied",
        "the session has been purged, and the access token with it; initialize the channel again");
  }

  /** Why a session did not append. */
  static S2Error of(SessionReply reply) {
    if (reply instanceof SessionReply.FencingTokenMismatch mismatch) {
      return new S2Error(
          412, Json.object().put("fencing_token_mismatch", mismatch.current()), null);
    }
    if (reply instanceof SessionReply.SequenceMismatch mismatch) {
      return new S2Error(412, Json.object().put("seq_num_mismatch", mismatch.next()), null);
    }
    if (reply instanceof SessionReply.InvalidAppend invalid) {
      return invalid(invalid.problem());
    }
    if (reply instanceof SessionReply.Closed) {
      return of(403, "permission_denied", "the session is closed");
    }
    if (reply instanceof SessionReply.Expired) {
      return of(403, "permission_denied", "the session has expired");
    }
    if (reply instanceof SessionReply.Superseded || reply instanceof SessionReply.NoSuchSession) {
      return purged();
    }
    if (reply instanceof SessionReply.ServerOnlyChannel) {
      return of(403, "permission_denied", "this channel is written by the server alone");
    }
    if (reply instanceof SessionReply.TooManyStreams) {
      return invalid("the session has as many streams as it can have");
    }
    if (reply instanceof SessionReply.Overloaded overloaded) {
      return new S2Error(
          429,
          body("rate_limited", "too much is under way at the moment, nothing was appended"),
          overloaded.retryAfter());
    }
    if (reply instanceof SessionReply.OutcomeUnknown) {
      return unavailable("the outcome is not known: the records may or may not be there");
    }
    throw new IllegalStateException("no error for " + reply.getClass().getName());
  }

  /** Ends the handling of a request with this error. */
  S2Refused refused() {
    return new S2Refused(this);
  }

  HttpResponse response() {
    HttpResponse response = Answers.json(status, body);
    return retryAfter == null ? response : Answers.retryLater(response, retryAfter);
  }

  /** The terminal frame (section 4.4). */
  byte[] frame() {
    return Frame.terminal(status, Json.text(body).getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode body(String code, String message) {
    return Json.object().put("code", code).put("message", message);
  }
}
