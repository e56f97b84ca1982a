package dev.parley.http.web;

import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.auth.RealtimeKey;
import dev.parley.http.shared.Endpoints;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * By what a realtime worker shows that it is one (across.md section 8): {@code PARLEY_REALTIME_KEY}
 * or a secret key of the first environment.
 */
public record WorkerKey(RealtimeKey realtime, Authenticator authenticator, String environmentId) {
  boolean opens(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    if (headers.size() != 1) {
      return false;
    }
    return realtime.isIn(headers.get(0))
        || authenticator.authenticate(headers.get(0)) instanceof Authentication.Accepted accepted
            && accepted.credential().isSecretKey()
            && accepted.credential().environment().id().equals(environmentId);
  }
}
