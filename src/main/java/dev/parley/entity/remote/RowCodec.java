package dev.parley.entity.remote;

import dev.parley.entity.remote.proto.CreateCommand;
import dev.parley.entity.remote.proto.Setting;
import dev.parley.entity.remote.proto.Strings;
import dev.parley.entity.remote.proto.TimeoutCommand;
import dev.parley.entity.remote.proto.UpdateCommand;
import dev.parley.journal.EventCodec;
import dev.parley.journal.LifetimeCodec;
import dev.parley.session.Given;
import dev.parley.session.SessionCommand;
import dev.parley.session.SettingValue;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that make a row or change it. */
final class RowCodec {
  private RowCodec() {}

  static CreateCommand toProto(SessionCommand.Create create) {
    CreateCommand.Builder builder =
        CreateCommand.newBuilder()
            .setType(create.type())
            .setTaskIdentifier(create.taskIdentifier())
            .setTriggerConfig(create.triggerConfig())
            .setRunId(create.runId());
    if (create.externalId() != null) {
      builder.setExternalId(create.externalId());
    }
    if (create.tags() != null) {
      builder.setTags(Strings.newBuilder().addAllValues(create.tags()));
    }
    if (create.metadata() != null) {
      builder.setMetadata(create.metadata());
    }
    if (create.expiresAt() != null) {
      builder.setExpiresAt(create.expiresAt().toEpochMilli());
    }
    if (create.timeout() != null) {
      builder.setTimeout(LifetimeCodec.toProto(create.timeout()));
    }
    if (create.agentId() != null) {
      builder.setAgentId(create.agentId());
    }
    return builder.build();
  }

  static SessionCommand create(CreateCommand create) {
    return new SessionCommand.Create(
        create.hasExternalId() ? create.getExternalId() : null,
        create.getType(),
        create.getTaskIdentifier(),
        create.getTriggerConfig(),
        create.hasTags() ? List.copyOf(create.getTags().getValuesList()) : null,
        create.hasMetadata() ? create.getMetadata() : null,
        EventCodec.instant(create.hasExpiresAt(), create.getExpiresAt()),
        create.hasTimeout() ? LifetimeCodec.fromProto(create.getTimeout()) : null,
        create.hasAgentId() ? create.getAgentId() : null,
        create.getRunId());
  }

  static UpdateCommand toProto(SessionCommand.Update update) {
    UpdateCommand.Builder builder = UpdateCommand.newBuilder();
    if (update.tags() != null) {
      builder.setTags(Strings.newBuilder().addAllValues(update.tags()));
    }
    if (update.metadata() != null) {
      builder.setMetadata(toProto(update.metadata()));
    }
    if (update.externalId() != null) {
      builder.setExternalId(toProto(update.externalId()));
    }
    return builder.build();
  }

  static SessionCommand update(UpdateCommand update) {
    return new SessionCommand.Update(
        update.hasTags() ? List.copyOf(update.getTags().getValuesList()) : null,
        update.hasMetadata() ? given(update.getMetadata()) : null,
        update.hasExternalId() ? given(update.getExternalId()) : null);
  }

  private static dev.parley.entity.remote.proto.Given toProto(Given<@Nullable String> given) {
    dev.parley.entity.remote.proto.Given.Builder builder =
        dev.parley.entity.remote.proto.Given.newBuilder();
    if (given.value() != null) {
      builder.setValue(given.value());
    }
    return builder.build();
  }

  private static Given<@Nullable String> given(dev.parley.entity.remote.proto.Given given) {
    return new Given<>(given.hasValue() ? given.getValue() : null);
  }

  static TimeoutCommand toProto(SessionCommand.ChangeTimeout change) {
    TimeoutRequest request = change.request();
    return TimeoutCommand.newBuilder()
        .setMinMinutes(change.limits().minMinutes())
        .setMaxMinutes(change.limits().maxMinutes())
        .setDefaults(LifetimeCodec.toProto(change.limits().defaults()))
        .setTimeoutMinutes(toProto(request.timeoutMinutes()))
        .setAutoRenew(toProto(request.autoRenew()))
        .setMaxDurationMinutes(toProto(request.maxDurationMinutes()))
        .setWarningThresholdMinutes(toProto(request.warningThresholdMinutes()))
        .build();
  }

  static SessionCommand changeTimeout(TimeoutCommand change) {
    return new SessionCommand.ChangeTimeout(
        new TimeoutLimits(
            change.getMinMinutes(),
            change.getMaxMinutes(),
            LifetimeCodec.fromProto(change.getDefaults())),
        new TimeoutRequest(
            setting(change.getTimeoutMinutes()),
            setting(change.getAutoRenew()),
            setting(change.getMaxDurationMinutes()),
            setting(change.getWarningThresholdMinutes())));
  }

  private static Setting toProto(SettingValue value) {
    Setting.Builder setting = Setting.newBuilder();
    if (value instanceof SettingValue.OfNumber number) {
      return setting.setNumber(number.value()).build();
    }
    if (value instanceof SettingValue.OfText text) {
      return setting.setText(RecordCodec.text(text.value())).build();
    }
    if (value instanceof SettingValue.OfBoolean truth) {
      return setting.setTruth(truth.value()).build();
    }
    if (value instanceof SettingValue.Other other) {
      return setting.setOther(other.what()).build();
    }
    if (value instanceof SettingValue.Absent) {
      return Setting.getDefaultInstance();
    }
    throw MessageSerializer.unknown(value);
  }

  private static SettingValue setting(Setting setting) {
    return switch (setting.getValueCase()) {
      case NUMBER -> new SettingValue.OfNumber(setting.getNumber());
      case TEXT -> new SettingValue.OfText(RecordCodec.text(setting.getText()));
      case TRUTH -> new SettingValue.OfBoolean(setting.getTruth());
      case OTHER -> new SettingValue.Other(setting.getOther());
      case VALUE_NOT_SET -> new SettingValue.Absent();
    };
  }
}
