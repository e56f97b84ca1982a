package dev.parley.http.webchat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Origins of pages, written as browsers write them in the header {@code Origin}. */
final class WebOrigin {
  private WebOrigin() {}

  /** The origin in that form; empty when the text is none of an http or https page. */
  static Optional<String> parse(String text) {
    try {
      URI uri = new URI(text.trim().toLowerCase(Locale.ROOT));
      boolean isPage = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean isBare =
          uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
      return isPage && uri.getHost() != null && isBare && uri.getPort() <= 65_535
          ? Optional.of(uri.getScheme() + "://" + uri.getHost() + port(uri))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Browsers leave out the one that the scheme has anyway. */
  private static String port(URI uri) {
    int usual = uri.getScheme().equals("https") ? 443 : 80;
    return uri.getPort() == -1 || uri.getPort() == usual ? "" : ":" + uri.getPort();
  }
}
