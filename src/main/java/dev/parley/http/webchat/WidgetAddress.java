package dev.parley.http.webchat;

import dev.parley.entity.webchat.WidgetDomain;
import dev.parley.http.shared.PublicOrigin;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * From where pages load the widget (web-runtime.md section 5).
 *
 * @param own {@code API_DOMAIN} with its scheme; null for the public origin of the server
 * @param proxy {@code API_PROXY_DOMAIN} with its scheme; null when there is none
 */
public record WidgetAddress(@Nullable String own, @Nullable String proxy, PublicOrigin origin) {
  String of(WidgetDomain wanted, HttpRequest request) {
    if (wanted == WidgetDomain.PROXY && proxy != null) {
      return proxy;
    }
    return own == null ? origin.of(request) : own;
  }
}
