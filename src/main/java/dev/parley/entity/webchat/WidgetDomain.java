package dev.parley.entity.webchat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** From where pages load the widget of an organization (web-runtime.md section 5). */
public enum WidgetDomain {
  /** The server's own domain. */
  OWN,
  /** The proxy's domain, if the server has one. */
  PROXY;

  /** As it is written in requests and in the journal. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The domain that is written so; empty for any other text. */
  public static Optional<WidgetDomain> parse(String text) {
    return Arrays.stream(values()).filter(domain -> domain.text().equals(text)).findFirst();
  }
}
