package dev.parley.http.shared;

import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Uri;
import org.jspecify.annotations.Nullable;

/**
 * Where clients reach this server, as they are told.
 *
 * @param configured {@code PARLEY_PUBLIC_URL}; null is the origin of each client's own request
 */
public record PublicOrigin(@Nullable String configured) {
  /** Whether all clients are told to come by HTTPS. */
  public boolean isHttps() {
    return configured != null && configured.startsWith("https:");
  }

  /** Scheme, host and port without a slash at the end. */
  public String of(HttpRequest request) {
    if (configured != null) {
      return configured;
    }
    Uri uri = request.getUri();
    String address = uri.getHost().address();
    String host = uri.getHost().isIPv6() ? "[" + address + "]" : address;
    return uri.getScheme() + "://" + host + ":" + uri.getPort();
  }
}
