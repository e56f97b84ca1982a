package dev.parley.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Where an agent is reached.
 *
 * @param url http or https, with a host, without user and fragment
 * @param allowedNetworks networks it may be in although they are not public
 */
public record HttpEndpoint(URI url, List<Network> allowedNetworks) {
  /**
   * @throws IllegalArgumentException when the URL can't be used
   */
  public HttpEndpoint {
    allowedNetworks = List.copyOf(allowedNetworks);
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "the URL must begin with http:// or https:// and a host, such as"
              + " https://agents.example.com/answer");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the URL must have no user, password or fragment; secrets come from environment"
              + " variables");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("the URL's port must be from 1 to 65535");
    }
  }

  /**
   * @throws IllegalArgumentException when the text is no such URL; the message does not show it
   */
  public static HttpEndpoint of(String url, List<Network> allowedNetworks) {
    try {
      return new HttpEndpoint(new URI(url.trim()), allowedNetworks);
    } catch (URISyntaxException e) {
      // Without the cause: its message quotes the text, which may hold a password.
      throw new IllegalArgumentException("the text is no URL (see the characters it holds)");
    }
  }

  HttpEndpoint within(List<Network> networks) {
    return new HttpEndpoint(url, networks);
  }

  boolean isSecure() {
    return "https".equals(url.getScheme());
  }

  /** The name or address, an IPv6 address without brackets. */
  String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : 80;
  }

  /**
   * Path and query of a request to it.
   *
   * @param below appended to the path; begins with a slash or is empty
   */
  String target(String below) {
    String path = url.getRawPath();
    if (!below.isEmpty() && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String whole = path + below;
    return (whole.isEmpty() ? "/" : whole) + query;
  }

  /** Ends up in logs, therefore without the query. */
  @Override
  public String toString() {
    return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }
}
