package dev.parley.http.shared;

import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Ends the handling of a request with an answer that the contract names. */
public class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient HttpResponse response;

  public Refused(HttpResponse response) {
    super("refused with " + response.status(), null, false, false);
    this.response = response;
  }

  public HttpResponse response() {
    return response;
  }
}
