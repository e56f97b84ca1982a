package dev.parley.http.s2;

import dev.parley.http.shared.Refused;

/** What a client sent can't be accepted. */
final class S2Refused extends Refused {
  private static final long serialVersionUID = 1;

  private final transient S2Error error;

  S2Refused(S2Error error) {
    super(error.response());
    this.error = error;
  }

  S2Error error() {
    return error;
  }
}
