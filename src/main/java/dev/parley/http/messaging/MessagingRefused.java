package dev.parley.http.messaging;

/** Ends the handling of a request with an error of this face. */
public final class MessagingRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient MessagingError error;

  MessagingRefused(MessagingError error) {
    super("refused with " + error.status() + " " + error.code(), null, false, false);
    this.error = error;
  }

  MessagingError error() {
    return error;
  }

  /** What the client is told (eliza.md section 7). */
  public String reason() {
    return error.message();
  }

  /** The status it would be answered with over HTTP. */
  public int status() {
    return error.status();
  }
}
