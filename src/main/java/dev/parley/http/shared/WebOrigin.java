package dev.parley.http.shared;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.cors.javadsl.model.HttpOriginMatcher;
import org.apache.pekko.http.javadsl.model.headers.HttpOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Origins of pages, written as browsers write them in the header {@code Origin}: without the port
 * that the scheme has anyway. One whose host begins with {@code *.} stands for all below that
 * domain.
 */
public final class WebOrigin {
  private static final String ALL_BELOW = "://*.";

  private WebOrigin() {}

  /** The origin in that form; empty when the text is none of an http or https page. */
  public static Optional<String> parse(String text) {
    String origin = text.trim();
    return origin.contains(ALL_BELOW)
        ? canonical(origin.replace(ALL_BELOW, "://"))
            .map(domain -> domain.replace("://", ALL_BELOW))
            .filter(all -> canonical(all.replace(ALL_BELOW, "://x.")).isPresent())
        : canonical(origin);
  }

  /**
   * Whether a page has one of the origins.
   *
   * @param origins as {@link #parse} gives them
   * @param sender the header {@code Origin}
   */
  public static boolean isAmong(Collection<String> origins, String sender) {
    HttpOrigin[] known = origins.stream().map(HttpOrigin::parse).toArray(HttpOrigin[]::new);
    HttpOriginMatcher matcher = HttpOriginMatcher.create(known);
    return canonical(sender).map(HttpOrigin::parse).filter(matcher::matches).isPresent();
  }

  /** {@link URI} takes addresses with a zone for hosts, which no origin has. */
  private static boolean isHost(@Nullable String host) {
    return host != null && host.indexOf('%') < 0;
  }

  private static Optional<String> canonical(String origin) {
    try {
      URI uri = new URI(origin.toLowerCase(Locale.ROOT));
      boolean isPage =
          !uri.isOpaque() && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
      return isPage && isHost(uri.getHost()) && isBare(uri) && uri.getPort() <= 65_535
          ? Optional.of(uri.getScheme() + "://" + uri.getHost() + port(uri))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isBare(URI uri) {
    return uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
  }

  /** Browsers leave out the one that the scheme has anyway. */
  private static String port(URI uri) {
    int usual = uri.getScheme().equals("https") ? 443 : 80;
    return uri.getPort() == -1 || uri.getPort() == usual ? "" : ":" + uri.getPort();
  }
}
