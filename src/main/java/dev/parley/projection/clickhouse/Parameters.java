package dev.parley.projection.clickhouse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of a statement, which names them as {@code {name:Type}}. They go beside it and are
 * read by ClickHouse as values of their types, whatever they hold.
 */
final class Parameters {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** A value of type {@code String}. */
  Parameters text(String name, String value) {
    values.put(name, escape(value, false));
    return this;
  }

  /** A value of type {@code Array(String)}. */
  Parameters texts(String name, Collection<String> value) {
    StringBuilder array = new StringBuilder("[");
    for (String text : value) {
      array.append(array.length() > 1 ? "," : "").append('\'').append(escape(text, true));
      array.append('\'');
    }
    values.put(name, array.append(']').toString());
    return this;
  }

  /** A value of type {@code Int64} or {@code UInt64}. */
  Parameters number(String name, long value) {
    values.put(name, Long.toString(value));
    return this;
  }

  /** A value of type {@code Array(UInt64)}. */
  Parameters numbers(String name, Collection<Long> value) {
    values.put(name, value.toString());
    return this;
  }

  /** A name that is not used yet. */
  String next() {
    return "p" + values.size();
  }

  private static String escape(String text, boolean quoted) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\b' -> escaped.append("\\b");
        case '\f' -> escaped.append("\\f");
        case '\0' -> escaped.append("\\0");
        case '\'' -> escaped.append(quoted ? "\\'" : "'");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** As they stand in a URL. */
  String encode() {
    StringBuilder query = new StringBuilder();
    values.forEach(
        (name, value) ->
            query
                .append("&param_")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }
}
