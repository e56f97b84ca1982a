package dev.parley.http.shared;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.SettingValue;
import dev.parley.session.TimeoutRequest;

/** Reads a {@code timeoutConfig} as it came, without judging it (eliza.md section 3.3). */
public final class TimeoutFields {
  private TimeoutFields() {}

  /** Of what is no object, every field is absent. */
  public static TimeoutRequest read(JsonNode config) {
    return config.isObject()
        ? new TimeoutRequest(
            value(config.path("timeoutMinutes")),
            value(config.path("autoRenew")),
            value(config.path("maxDurationMinutes")),
            value(config.path("warningThresholdMinutes")))
        : TimeoutRequest.EMPTY;
  }

  private static SettingValue value(JsonNode node) {
    return switch (node.getNodeType()) {
      case MISSING -> new SettingValue.Absent();
      case NUMBER -> new SettingValue.OfNumber(node.doubleValue());
      case STRING -> new SettingValue.OfText(node.textValue());
      case BOOLEAN -> new SettingValue.OfBoolean(node.booleanValue());
      case NULL -> new SettingValue.Other("null");
      case ARRAY -> new SettingValue.Other("an array");
      default -> new SettingValue.Other("an object");
    };
  }
}
