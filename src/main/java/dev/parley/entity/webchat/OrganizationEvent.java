package dev.parley.entity.webchat;

import java.util.List;

/** What has happened to the webchat of an organization. */
sealed interface OrganizationEvent {
  /** The settings are others now, all of them. */
  record SettingsChanged(WidgetDomain widgetDomain, List<String> allowedOrigins)
      implements OrganizationEvent {
    public SettingsChanged {
      allowedOrigins = List.copyOf(allowedOrigins);
    }
  }

  /** There is a key, and the one before opens nothing any more. */
  record KeyMade(String apiKey) implements OrganizationEvent {}
}
