package dev.parley.http.ws;

/** Ends the handling of a request with an {@code error} frame; the socket stays open. */
final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String text;

  /**
   * @param code for programs
   * @param text for people, with what to do
   */
  RequestRefused(String code, String text) {
    super(text, null, false, false);
    this.code = code;
    this.text = text;
  }

  static RequestRefused badRequest(String text) {
    return new RequestRefused("bad_request", text);
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }
}
