package dev.parley.cli;

import dev.parley.auth.SecretKeyFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a server is and the key it takes, out of the variables that the server itself is started
 * with: {@code PARLEY_URL}, else this machine and {@code PARLEY_HTTP_PORT}; {@code
 * PARLEY_SECRET_KEY}, of which the first is taken, else the key kept in {@code PARLEY_DATA_DIR}.
 *
 * @param origin without a slash at the end
 */
record ServerAddress(String origin, String key) {
  private static final String DEFAULT_PORT = "8080";
  private static final String DEFAULT_DATA = "./data";

  /**
   * @throws CommandFailed when they say no address, or no key
   */
  static ServerAddress of(Console console) {
    return new ServerAddress(origin(console), key(console));
  }

  private static String origin(Console console) {
    String url = console.variable("PARLEY_URL").orElseGet(() -> onThisMachine(console));
    try {
      URI uri = new URI(url);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new CommandFailed(
        "PARLEY_URL is '" + url + "'; it must be like http://127.0.0.1:8080 or https://host");
  }

  private static String onThisMachine(Console console) {
    String port = console.variable("PARLEY_HTTP_PORT").orElse(DEFAULT_PORT);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) == 0) {
      throw new CommandFailed(
          "PARLEY_HTTP_PORT is '"
              + port
              + "', which does not say where the server is; set PARLEY_URL, such as"
              + " http://127.0.0.1:8080");
    }
    return "http://127.0.0.1:" + port;
  }

  private static String key(Console console) {
    return console
        .variable("PARLEY_SECRET_KEY")
        .flatMap(keys -> Arrays.stream(keys.split(",")).map(String::trim).findFirst())
        .filter(key -> !key.isEmpty())
        .orElseGet(
            () -> keptKey(Path.of(console.variable("PARLEY_DATA_DIR").orElse(DEFAULT_DATA))));
  }

  private static String keptKey(Path data) {
    Path file = data.resolve(SecretKeyFile.NAME).toAbsolutePath().normalize();
    // Looked for first: only the server makes a key.
    if (!Files.exists(file)) {
      throw new CommandFailed(
          "There is no secret key: set PARLEY_SECRET_KEY, or PARLEY_DATA_DIR to the directory of a"
              + " server that made its own ("
              + file
              + " does not exist)");
    }
    try {
      return SecretKeyFile.loadOrCreate(data);
    } catch (IOException | IllegalStateException e) {
      throw new CommandFailed(
          "The secret key in " + file + " can't be read (" + e + "); set PARLEY_SECRET_KEY");
    }
  }

  @Override
  public String toString() {
    return origin;
  }
}
