package dev.parley.entity.webchat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.parley.entity.webchat.proto.EntryPointPut;
import dev.parley.entity.webchat.proto.EntryPointRemoved;
import dev.parley.entity.webchat.proto.KeyMade;
import dev.parley.entity.webchat.proto.Organization;
import dev.parley.entity.webchat.proto.SettingsChanged;
import org.jspecify.annotations.Nullable;

/** Events and snapshots of the webchat as bytes (webchat.proto). */
final class WebchatCodec {
  private static final String CHANGED = "C";
  private static final String KEY_MADE = "K";
  private static final String ORGANIZATION = "O";
  private static final String PUT = "P";
  private static final String REMOVED = "R";
  private static final String ENTRY_POINT = "E";

  private WebchatCodec() {}

  static String manifest(Object object) {
    if (object instanceof OrganizationEvent.SettingsChanged) {
      return CHANGED;
    }
    if (object instanceof OrganizationEvent.KeyMade) {
      return KEY_MADE;
    }
    if (object instanceof OrganizationSettings) {
      return ORGANIZATION;
    }
    if (object instanceof EntryPointEvent.Put) {
      return PUT;
    }
    if (object instanceof EntryPointEvent.Removed) {
      return REMOVED;
    }
    if (object instanceof EntryPointState) {
      return ENTRY_POINT;
    }
    throw new IllegalArgumentException("not stored: " + object.getClass().getName());
  }

  static MessageLite encode(Object object) {
    if (object instanceof OrganizationEvent.SettingsChanged changed) {
      return SettingsChanged.newBuilder()
          .setWidgetDomain(changed.widgetDomain().text())
          .addAllAllowedOrigins(changed.allowedOrigins())
          .build();
    }
    if (object instanceof OrganizationEvent.KeyMade made) {
      return KeyMade.newBuilder().setApiKey(made.apiKey()).build();
    }
    if (object instanceof OrganizationSettings settings) {
      return toProto(settings);
    }
    if (object instanceof EntryPointEvent.Put put) {
      return EntryPointPut.newBuilder().setEntryPoint(toProto(put.entryPoint())).build();
    }
    if (object instanceof EntryPointEvent.Removed) {
      return EntryPointRemoved.getDefaultInstance();
    }
    EntryPoint entryPoint = ((EntryPointState) object).entryPoint();
    var state = dev.parley.entity.webchat.proto.EntryPointState.newBuilder();
    return entryPoint == null ? state.build() : state.setEntryPoint(toProto(entryPoint)).build();
  }

  /**
   * @throws IllegalArgumentException when the manifest is unknown or the bytes are not its message
   */
  static Object decode(String manifest, byte[] bytes) {
    try {
      return switch (manifest) {
        case CHANGED -> changed(SettingsChanged.parseFrom(bytes));
        case KEY_MADE -> new OrganizationEvent.KeyMade(KeyMade.parseFrom(bytes).getApiKey());
        case ORGANIZATION -> settings(Organization.parseFrom(bytes));
        case PUT ->
            new EntryPointEvent.Put(entryPoint(EntryPointPut.parseFrom(bytes).getEntryPoint()));
        case REMOVED -> {
          EntryPointRemoved.parseFrom(bytes);
          yield new EntryPointEvent.Removed();
        }
        case ENTRY_POINT -> state(dev.parley.entity.webchat.proto.EntryPointState.parseFrom(bytes));
        default -> throw new IllegalArgumentException("unknown manifest '" + manifest + "'");
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the stored " + manifest + " can't be read", e);
    }
  }

  private static OrganizationEvent.SettingsChanged changed(SettingsChanged stored) {
    return new OrganizationEvent.SettingsChanged(
        domain(stored.getWidgetDomain()), stored.getAllowedOriginsList());
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
