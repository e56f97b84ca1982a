package dev.parley.journal;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL database is and who connects to it.
 *
 * @param host name or address; an IPv6 address stands without brackets
 * @param port TCP port, 1 to 65535
 * @param password empty when the server asks for none
 * @param parameters connection parameters under pgjdbc's names, in the order given; they win over
 *     the {@linkplain #jdbcUrl() defaults}
 */
public record DatabaseAddress(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {

  private static final String FORM = "postgresql://user:password@host:port/database?name=value";

  /** libpq's spellings that people copy from a provider's console, and what pgjdbc calls them. */
  private static final Map<String, String> PGJDBC_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "connect_timeout", "connectTimeout",
          "channel_binding", "channelBinding");

  /**
   * Why each of them: one statement for a whole batch of events; payloads in binary from a
   * statement's second use on a connection instead of the sixth (-1 would cost a round trip to
   * describe each statement first); and a dead peer is noticed within seconds, not by TCP's two
   * hours. Timeouts are in seconds.
   */
  private static final Map<String, String> DEFAULTS = defaults();

  public DatabaseAddress {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("The database address has no host; expected " + FORM);
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "The database address has port " + port + "; a port is between 1 and 65535");
    }
    if (user.isEmpty()) {
      throw new IllegalArgumentException("The database address has no user; expected " + FORM);
    }
    if (database.isEmpty()) {
      throw new IllegalArgumentException("The database address has no database; expected " + FORM);
    }
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?name=value}, also with the scheme
   * {@code postgres}. The port defaults to 5432 and the database to the user's name; user,
   * password, database and parameters may be percent-encoded.
   *
   * @throws IllegalArgumentException when the text is not such an address; the message says what is
   *     wrong and never shows the password
   */
  public static DatabaseAddress parse(String text) {
    int schemeEnd = text.indexOf("://");
    String scheme = schemeEnd < 0 ? "" : text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      throw new IllegalArgumentException(
          "A database address starts with postgresql:// or postgres://; expected " + FORM);
    }
    String rest = text.substring(schemeEnd + 3);
    int queryStart = rest.indexOf('?');
    String query = queryStart < 0 ? "" : rest.substring(queryStart + 1);
    String place = queryStart < 0 ? rest : rest.substring(0, queryStart);
    int slash = place.indexOf('/');
    String path = slash < 0 ? "" : place.substring(slash + 1);
    String authority = slash < 0 ? place : place.substring(0, slash);
    int at = authority.lastIndexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException(
          "The database address has no user before an @ (write a / or ? in the password as %2F or"
              + " %3F); expected "
              + FORM);
    }
    String credentials = authority.substring(0, at);
    int colon = credentials.indexOf(':');
    String user = decode("user", colon < 0 ? credentials : credentials.substring(0, colon));
    String password = colon < 0 ? "" : decode("password", credentials.substring(colon + 1));
    HostAndPort server = HostAndPort.parse(authority.substring(at + 1));
    String database = path.isEmpty() ? user : decode("database", path);
    return new DatabaseAddress(
        server.host(), server.port(), database, user, password, parseParameters(query));
  }

  /**
   * The address for pgjdbc, without user and password. Sets what Parley's load needs ({@code
   * reWriteBatchedInserts}, {@code prepareThreshold=1}, keep-alive and timeouts in seconds) unless
   * a parameter says otherwise.
   */
  public String jdbcUrl() {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(parameters);
    return all.entrySet().stream()
        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
        .collect(
            Collectors.joining("&", "jdbc:postgresql://" + server() + encode(database) + "?", ""));
  }

  /** The address as {@link #parse} reads it, <em>with the password</em>. */
  public String url() {
    String query =
        parameters.entrySet().stream()
            .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return "postgresql://%s:%s@%s%s%s"
        .formatted(
            encode(user),
            encode(password),
            server(),
            encode(database),
            query.isEmpty() ? "" : "?" + query);
  }

  /** This address with one connection parameter, under pgjdbc's name, set or replaced. */
  public DatabaseAddress withParameter(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.put(name, value);
    return new DatabaseAddress(host, port, database, user, password, changed);
  }

  /** {@code user@host:port/database}: fit for logs and messages. */
  @Override
  public String toString() {
    return user + "@" + server() + database;
  }

  private String server() {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return bracketed + ":" + port + "/";
  }

  private static Map<String, String> parseParameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode("parameter name", equals < 0 ? pair : pair.substring(0, equals));
      if (equals < 0) {
        throw new IllegalArgumentException(
            "The database address has parameter " + name + " without a value; expected " + FORM);
      }
      if (name.equals("user") || name.equals("password")) {
        throw new IllegalArgumentException(
            "The database address has the " + name + " as a parameter; write it before the @");
      }
      String value = decode("parameter " + name, pair.substring(equals + 1));
      parameters.put(PGJDBC_NAMES.getOrDefault(name, name), value);
    }
    return parameters;
  }

  /** Percent-decodes; a plus sign stays a plus sign, as in libpq. */
  private static String decode(String what, String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Without the cause: its message quotes the text, which may be the password.
      throw new IllegalArgumentException(
          "The " + what + " of the database address has a % that starts no escape; write % as %25");
    }
  }

  private static String encode(String plain) {
    return URLEncoder.encode(plain, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("ApplicationName", "parley");
    defaults.put("reWriteBatchedInserts", "true");
    defaults.put("prepareThreshold", "1");
    defaults.put("tcpKeepAlive", "true");
    defaults.put("connectTimeout", "10");
    defaults.put("socketTimeout", "60");
    // Errors would else quote the statement with its values, and with them what people wrote.
    defaults.put("logServerErrorDetail", "false");
    return Collections.unmodifiableMap(defaults);
  }

  private record HostAndPort(String host, int port) {
    static HostAndPort parse(String text) {
      if (text.contains(",")) {
        throw new IllegalArgumentException(
            "The database address names several hosts; Parley takes one");
      }
      int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
      int colon = text.indexOf(':', bracket + 1);
      String host = colon < 0 ? text : text.substring(0, colon);
      String unbracketed = bracket < 0 ? host : host.substring(1, bracket);
      return new HostAndPort(unbracketed, colon < 0 ? 5432 : number(text.substring(colon + 1)));
    }

    private static int number(String digits) {
      try {
        return Integer.parseInt(digits);
      } catch (NumberFormatException e) {
        // Without the text: an unescaped @ or : in a password can end up here.
        throw new IllegalArgumentException(
            "The port of the database address is not a number; expected " + FORM);
      }
    }
  }
}
