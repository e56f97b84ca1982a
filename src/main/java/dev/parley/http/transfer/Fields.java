package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of an object in a line. What is not of its type is a {@link LineRefused}. */
record Fields(JsonNode node, String where) {
  /** The largest number that JSON carries exactly between all languages. */
  private static final long LARGEST = (1L << 53) - 1;

  /**
   * @throws LineRefused when it is no object
   */
  static Fields of(JsonNode node, String where) {
    if (!node.isObject()) {
      throw new LineRefused(where + " must be an object");
    }
    return new Fields(node, where);
  }

  private LineRefused wrong(String name, String what) {
    return new LineRefused("%s.%s must be %s".formatted(where, name, what));
  }

  private @Nullable JsonNode optional(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  String text(String name) {
    String text = optionalText(name);
    if (text == null) {
      throw wrong(name, "a text");
    }
    return text;
  }

  @Nullable String optionalText(String name) {
    JsonNode value = optional(name);
    if (value != null && !value.isTextual()) {
      throw wrong(name, "a text");
    }
    return value == null ? null : value.textValue();
  }

  long number(String name) {
    Long number = optionalNumber(name);
    if (number == null) {
      throw wrong(name, "a whole number");
    }
    return number;
  }

  private @Nullable Long optionalNumber(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() > LARGEST) {
      throw wrong(name, "a whole number");
    }
    return value.longValue();
  }

  double decimal(String name) {
    JsonNode value = optional(name);
    if (value == null || !value.isNumber()) {
      throw wrong(name, "a number");
    }
    return value.doubleValue();
  }

  /** False when it is not there. */
  boolean truth(String name) {
    JsonNode value = optional(name);
    if (value != null && !value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value != null && value.booleanValue();
  }

  /** Unix milliseconds. */
  Instant time(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  @Nullable Instant optionalTime(String name) {
    Long number = optionalNumber(name);
    return number == null ? null : Instant.ofEpochMilli(number);
  }

  /** Base64; empty when it is not there. */
  byte[] bytes(String name) {
    JsonNode value = optional(name);
    return value == null ? new byte[0] : bytes(value, name);
  }

  byte[] bytes(JsonNode value, String name) {
    try {
      if (value.isTextual()) {
        return value.binaryValue();
      }
    } catch (IOException e) {
      // Told below.
    }
    throw wrong(name, "base64");
  }

  /** Empty when it is not there. */
  List<JsonNode> list(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(name, "a list");
    }
    List<JsonNode> list = new ArrayList<>(value.size());
    value.forEach(list::add);
    return list;
  }

  List<String> texts(String name) {
    return list(name).stream()
        .map(
            value -> {
              if (!value.isTextual()) {
                throw wrong(name, "a list of texts");
              }
              return value.textValue();
            })
        .toList();
  }

  /** What stands there as an object; null when nothing does. */
  <T> @Nullable T object(String name, Function<Fields, T> reader) {
    JsonNode value = optional(name);
    return value == null ? null : reader.apply(of(value, where + "." + name));
  }

  <T> List<T> objects(String name, Function<Fields, T> reader) {
    return list(name).stream().map(value -> reader.apply(of(value, where + "." + name))).toList();
  }

  /** One of the names of an enum, in any case. */
  <E extends Enum<E>> E word(String name, Class<E> type) {
    String text = text(name);
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw wrong(name, "one of " + List.of(type.getEnumConstants()));
  }
}
