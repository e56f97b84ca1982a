package dev.parley.clickhouse;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of ClickHouse's HTTP interface, read as ClickHouse reads it.
 *
 * @param database the one to use, unless it is the default
 * @param format of a result whose statement names none
 * @param statement the parameter {@code query}, a line break and the body
 * @param parameters the values of {@code param_name}, as escaped as they came
 * @param settings every parameter that is nothing else
 */
record ClickHouseRequest(
    String user,
    String password,
    @Nullable String database,
    String format,
    @Nullable String queryId,
    Map<String, String> parameters,
    Map<String, String> settings,
    byte[] statement) {
  /** Read elsewhere, or without a meaning where every answer is complete before it is sent. */
  private static final Set<String> NO_SETTINGS =
      Set.of(
          "query",
          "query_id",
          "user",
          "password",
          "database",
          "default_format",
          "compress",
          "decompress",
          "wait_end_of_query",
          "buffer_size",
          "stacktrace",
          "quota_key",
          "client_protocol_version");

  private static final Set<String> REFUSED =
      Set.of("session_id", "session_timeout", "session_check", "close_session", "role");

  /**
   * Reads a request.
   *
   * @throws ClickHouseError for what {@link ChdbServer} does not offer: sessions, roles,
   *     compression, external tables
   */
  static ClickHouseRequest read(String method, URI uri, Headers headers, byte[] body) {
    Map<String, String> fields = query(uri);
    byte[] rest = body;
    String contentType = header(headers, "Content-Type").orElse("");
    if (MultipartForm.is(contentType)) {
      fields.putAll(MultipartForm.fields(contentType, body));
      rest = new byte[0];
    }
    refuse(fields, headers);
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (name.startsWith("param_")) {
            parameters.put(name.substring("param_".length()), value);
          } else if (!NO_SETTINGS.contains(name)) {
            settings.put(name, value);
          }
        });
    if (method.equals("GET")) {
      settings.put("readonly", "2");
    }
    String[] credentials = credentials(fields, headers);
    return new ClickHouseRequest(
        credentials[0],
        credentials[1],
        value(fields, "database", headers, "X-ClickHouse-Database").orElse(null),
        value(fields, "default_format", headers, "X-ClickHouse-Format").orElse("TabSeparated"),
        fields.get("query_id"),
        parameters,
        settings,
        statement(fields.getOrDefault("query", ""), rest));
  }

  private static void refuse(Map<String, String> fields, Headers headers) {
    if ("1".equals(fields.get("compress")) || "1".equals(fields.get("decompress"))) {
      throw ClickHouseError.notImplemented("compression (compress=1, decompress=1)");
    }
    header(headers, "Content-Encoding")
        .filter(encoding -> !encoding.equalsIgnoreCase("identity"))
        .ifPresent(
            encoding -> {
              throw ClickHouseError.notImplemented("Content-Encoding: " + encoding);
            });
    REFUSED.stream()
        .filter(fields::containsKey)
        .findAny()
        .ifPresent(
            name -> {
              throw ClickHouseError.notImplemented(name);
            });
  }

  private static String[] credentials(Map<String, String> fields, Headers headers) {
    Optional<String> user = header(headers, "X-ClickHouse-User");
    Optional<String> key = header(headers, "X-ClickHouse-Key");
    Optional<String> basic =
        header(headers, "Authorization")
            .filter(value -> value.regionMatches(true, 0, "Basic ", 0, 6));
    if (user.isPresent() || key.isPresent()) {
      return new String[] {user.orElse("default"), key.orElse("")};
    }
    if (basic.isPresent()) {
      String pair =
          new String(
              Base64.getMimeDecoder().decode(basic.get().substring(6)), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? new String[] {pair, ""}
          : new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
    }
    return new String[] {
      fields.getOrDefault("user", "default"), fields.getOrDefault("password", "")
    };
  }

  private static byte[] statement(String query, byte[] body) {
    if (query.isEmpty()) {
      return body;
    }
    ByteArrayOutputStream statement = new ByteArrayOutputStream();
    statement.writeBytes(query.getBytes(StandardCharsets.UTF_8));
    statement.write('\n');
    statement.writeBytes(body);
    return statement.toByteArray();
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> fields = new LinkedHashMap<>();
    String query = uri.getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        fields.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Optional<String> value(
      Map<String, String> fields, String field, Headers headers, String header) {
    return Optional.ofNullable(fields.get(field))
        .or(() -> header(headers, header))
        .filter(value -> !value.isEmpty());
  }

  private static Optional<String> header(Headers headers, String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }
}
