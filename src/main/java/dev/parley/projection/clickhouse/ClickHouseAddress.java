package dev.parley.projection.clickhouse;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where ClickHouse is and who we are there.
 *
 * @param origin {@code http(s)://host:port}
 * @param database created if it does not exist
 */
public record ClickHouseAddress(URI origin, String user, String password, String database) {
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final int HTTP_PORT = 8123;
  private static final int HTTPS_PORT = 8443;

  /**
   * Reads {@code http://user:password@host:port/database}; all but scheme and host may be left out.
   *
   * @throws IllegalArgumentException saying what is wrong; never with the password
   */
  public static ClickHouseAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url.trim());
    } catch (URISyntaxException e) {
      // Its message would repeat the whole text.
      throw new IllegalArgumentException(
          "it is no URL (character "
              + e.getIndex()
              + "); special characters of user and password are written as %XX");
    }
    String scheme = uri.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "it must be http://user:password@host:port/database, or https");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("nothing may follow the database's name");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(scheme) ? HTTPS_PORT : HTTP_PORT;
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String database = path.length() > 1 ? decode(path.substring(1)) : "default";
    if (!DATABASE.matcher(database).matches()) {
      throw new IllegalArgumentException(
          "the database's name '" + database + "' may have letters, digits and _ only");
    }
    String[] user = (uri.getRawUserInfo() == null ? "default" : uri.getRawUserInfo()).split(":", 2);
    return new ClickHouseAddress(
        URI.create(scheme + "://" + uri.getHost() + ":" + port),
        decode(user[0]),
        user.length > 1 ? decode(user[1]) : "",
        database);
  }

  private static String decode(String text) {
    // A plus is itself in these parts of a URL.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** For people: without the password. */
  @Override
  public String toString() {
    return origin + "/" + database;
  }
}
