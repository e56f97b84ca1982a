package dev.parley.entity.webchat;

import dev.parley.entity.webchat.OrganizationEvent.KeyMade;
import dev.parley.entity.webchat.OrganizationEvent.SettingsChanged;
import java.util.ArrayList;
import java.util.List;

/** What follows from a request about the webchat of an organization. */
final class OrganizationRules {
  private OrganizationRules() {}

  static List<OrganizationEvent> change(
      OrganizationSettings now, OrganizationMessage.Change change) {
    SettingsChanged changed =
        new SettingsChanged(
            change.widgetDomain() == null ? now.widgetDomain() : change.widgetDomain(),
            change.allowedOrigins() == null ? now.allowedOrigins() : change.allowedOrigins());
    List<OrganizationEvent> events = new ArrayList<>(withKey(now, change.freshKey()));
    if (!now.after(changed).equals(now)) {
      events.add(changed);
    }
    return events;
  }

  /** The first who asks makes the key. */
  static List<OrganizationEvent> withKey(OrganizationSettings now, String freshKey) {
    return now.apiKey() == null ? List.of(new KeyMade(freshKey)) : List.of();
  }
}
