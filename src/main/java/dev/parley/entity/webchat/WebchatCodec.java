package dev.parley.entity.webchat;

import dev.parley.entity.format.Kinds;
import dev.parley.entity.webchat.proto.EntryPointPut;
import dev.parley.entity.webchat.proto.EntryPointRemoved;
import dev.parley.entity.webchat.proto.KeyMade;
import dev.parley.entity.webchat.proto.Organization;
import dev.parley.entity.webchat.proto.SettingsChanged;
import org.jspecify.annotations.Nullable;

/** Events and snapshots of the webchat as bytes (webchat.proto). */
final class WebchatCodec {
  static final Kinds KINDS =
      Kinds.builder()
          .add(
              "C",
              OrganizationEvent.SettingsChanged.class,
              changed ->
                  SettingsChanged.newBuilder()
                      .setWidgetDomain(changed.widgetDomain().text())
                      .addAllAllowedOrigins(changed.allowedOrigins())
                      .build(),
              SettingsChanged.parser(),
              changed ->
                  new OrganizationEvent.SettingsChanged(
                      domain(changed.getWidgetDomain()), changed.getAllowedOriginsList()))
          .add(
              "K",
              OrganizationEvent.KeyMade.class,
              made -> KeyMade.newBuilder().setApiKey(made.apiKey()).build(),
              KeyMade.parser(),
              made -> new OrganizationEvent.KeyMade(made.getApiKey()))
          .add(
              "O",
              OrganizationSettings.class,
              WebchatCodec::toProto,
              Organization.parser(),
              WebchatCodec::settings)
          .add(
              "P",
              EntryPointEvent.Put.class,
              put -> EntryPointPut.newBuilder().setEntryPoint(toProto(put.entryPoint())).build(),
              EntryPointPut.parser(),
              put -> new EntryPointEvent.Put(entryPoint(put.getEntryPoint())))
          .add(
              "R",
              EntryPointEvent.Removed.class,
              removed -> EntryPointRemoved.getDefaultInstance(),
              EntryPointRemoved.parser(),
              removed -> new EntryPointEvent.Removed())
          .add(
              "E",
              EntryPointState.class,
              WebchatCodec::toProto,
              dev.parley.entity.webchat.proto.EntryPointState.parser(),
              WebchatCodec::state)
          .build();

  private WebchatCodec() {}

  private static dev.parley.entity.webchat.proto.EntryPointState toProto(EntryPointState state) {
    EntryPoint entryPoint = state.entryPoint();
    var builder = dev.parley.entity.webchat.proto.EntryPointState.newBuilder();
    return entryPoint == null
        ? builder.build()
        : builder.setEntryPoint(toProto(entryPoint)).build();
  }

  private static EntryPointState state(dev.parley.entity.webchat.proto.EntryPointState stored) {
    return stored.hasEntryPoint()
        ? new EntryPointState(entryPoint(stored.getEntryPoint()))
        : EntryPointState.NOWHERE;
  }

  static Organization toProto(OrganizationSettings settings) {
    String apiKey = settings.apiKey();
    return Organization.newBuilder()
        .setWidgetDomain(settings.widgetDomain().text())
        .addAllAllowedOrigins(settings.allowedOrigins())
        .setApiKey(apiKey == null ? "" : apiKey)
        .build();
  }

  static OrganizationSettings settings(Organization stored) {
    @Nullable String apiKey = stored.getApiKey().isEmpty() ? null : stored.getApiKey();
    return new OrganizationSettings(
        domain(stored.getWidgetDomain()), stored.getAllowedOriginsList(), apiKey);
  }

  static dev.parley.entity.webchat.proto.EntryPoint toProto(EntryPoint entryPoint) {
    return dev.parley.entity.webchat.proto.EntryPoint.newBuilder()
        .setAgentId(entryPoint.agentId())
        .setOrganizationId(entryPoint.organizationId())
        .setPublished(entryPoint.published())
        .build();
  }

  static EntryPoint entryPoint(dev.parley.entity.webchat.proto.EntryPoint stored) {
    return new EntryPoint(stored.getAgentId(), stored.getOrganizationId(), stored.getPublished());
  }

  static WidgetDomain domain(String text) {
    return WidgetDomain.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is a domain that this version does not know"));
  }
}
