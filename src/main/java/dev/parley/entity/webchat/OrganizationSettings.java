package dev.parley.entity.webchat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The webchat of an organization (across.md section 6). Immutable.
 *
 * @param allowedOrigins of the pages that may open sessions, as browsers write them; empty for any
 * @param apiKey by which pages name the organization; null until it is needed first
 */
public record OrganizationSettings(
    WidgetDomain widgetDomain, List<String> allowedOrigins, @Nullable String apiKey) {
  static final OrganizationSettings INITIAL =
      new OrganizationSettings(WidgetDomain.OWN, List.of(), null);

  public OrganizationSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /** The key of an organization that has been asked for it. */
  public String requiredKey() {
    return Objects.requireNonNull(apiKey, "the organization was not asked for its key");
  }

  OrganizationSettings after(OrganizationEvent event) {
    if (event instanceof OrganizationEvent.SettingsChanged changed) {
      return new OrganizationSettings(changed.widgetDomain(), changed.allowedOrigins(), apiKey);
    }
    return event instanceof OrganizationEvent.KeyMade made
        ? new OrganizationSettings(widgetDomain, allowedOrigins, made.apiKey())
        : this;
  }
}
