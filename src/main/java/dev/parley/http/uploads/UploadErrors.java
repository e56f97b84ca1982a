package dev.parley.http.uploads;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.StreamLimitReachedException;

/** What an upload is refused with. */
final class UploadErrors {
  private UploadErrors() {}

  static Refused fileTooLarge(long maxBytes) {
    return tooLarge(
        "A file may have at most %d bytes (%d MB)".formatted(maxBytes, maxBytes >> 20), maxBytes);
  }

  static Refused tooManyFiles(int maxFiles) {
    return tooLarge("At most %d file(s) can be sent at once".formatted(maxFiles), maxFiles);
  }

  static Refused bodyTooLarge(long maxBytes) {
    return tooLarge("The request may have at most %d bytes".formatted(maxBytes), maxBytes);
  }

  private static Refused tooLarge(String text, long limit) {
    return new Refused(
        Answers.json(
            413,
            Json.object().put("error", text).put("code", "LIMIT_EXCEEDED").put("limit", limit)));
  }

  static Refused typeNotAllowed(String name) {
    return new Refused(
        Answers.error(
            415,
            "'"
                + name
                + "' is, by its bytes, no image, PDF, SQLite database, XML or plain text; nothing"
                + " else can be uploaded"));
  }

  static Refused noMultipart() {
    return new Refused(Answers.error(415, "The body must be multipart/form-data with a boundary"));
  }

  static Refused malformed() {
    return new Refused(
        Answers.error(400, "The multipart body is incomplete or malformed, nothing was stored"));
  }

  static Refused empty(String name) {
    return new Refused(Answers.error(400, "'" + name + "' is empty"));
  }

  static Refused noFile(String field) {
    return new Refused(
        Answers.error(400, "There is no file: the body has no part named '" + field + "'"));
  }

  static Refused notLoggedIn() {
    return new Refused(
        Answers.error(401, "Log in, or send a token or the secret key as Authorization: Bearer …"));
  }

  /**
   * What the sender should be told, instead of what the streams on the way have made of it. What is
   * not foreseen stays as it is.
   *
   * @param maxBytes of the whole body
   */
  static Throwable explained(Throwable failure, long maxBytes) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StreamLimitReachedException) {
      return bodyTooLarge(maxBytes);
    }
    if (cause instanceof SQLException) {
      return new Refused(
          Answers.unavailable(
              "The database does not answer at the moment, nothing was stored, try again",
              Duration.ofSeconds(2)));
    }
    // A body that is late, breaks off or can't be parsed; storage fails with other exceptions.
    return cause instanceof TimeoutException
            || cause.getClass().getName().startsWith("org.apache.pekko.")
        ? malformed()
        : cause;
  }

  static Refused busy() {
    return new Refused(
        Answers.unavailable("Too many uploads are under way, try again", Duration.ofSeconds(2)));
  }
}
