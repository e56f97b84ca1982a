package dev.parley.entity.webchat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.entity.remote.MessageSerializer;
import dev.parley.entity.webchat.proto.AllowedOrigins;
import dev.parley.entity.webchat.proto.ChangeSettings;
import dev.parley.entity.webchat.proto.LookAtSettings;
import dev.parley.entity.webchat.proto.PutEntryPoint;
import dev.parley.entity.webchat.proto.RemoveEntryPoint;
import dev.parley.entity.webchat.proto.RotateKey;
import dev.parley.entity.webchat.proto.SettingsReply;
import dev.parley.entity.webchat.proto.TellEntryPoint;
import dev.parley.entity.webchat.proto.TellSettings;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What the entities of the webchat are asked from other nodes (webchat_messages.proto). */
public final class WebchatMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_112;

  private static final String CHANGE = "C";
  private static final String TELL = "S";
  private static final String ROTATE = "K";
  private static final String LOOK = "L";
  private static final String SETTINGS = "s";
  private static final String PUT = "P";
  private static final String REMOVE = "R";
  private static final String TELL_ENTRY_POINT = "E";
  private static final String ENTRY_POINT = "e";

  private static final Map<Class<?>, String> MANIFESTS =
      Map.of(
          OrganizationMessage.Change.class, CHANGE,
          OrganizationMessage.Tell.class, TELL,
          OrganizationMessage.Rotate.class, ROTATE,
          OrganizationMessage.Look.class, LOOK,
          OrganizationReply.class, SETTINGS,
          EntryPointMessage.Put.class, PUT,
          EntryPointMessage.Remove.class, REMOVE,
          EntryPointMessage.Tell.class, TELL_ENTRY_POINT,
          EntryPointReply.class, ENTRY_POINT);

  /** What never leaves its node: the actors hear it from their shards. */
  static final Set<Class<?>> LOCAL =
      Set.of(OrganizationMessage.Stop.class, EntryPointMessage.Stop.class);

  /** Called by Pekko. */
  public WebchatMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    String manifest = MANIFESTS.get(message.getClass());
    if (manifest == null) {
      throw unknown(message);
    }
    return manifest;
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof OrganizationMessage question) {
      return encode(question);
    }
    if (message instanceof EntryPointMessage question) {
      return encode(question);
    }
    if (message instanceof OrganizationReply reply) {
      return SettingsReply.newBuilder().setSettings(WebchatCodec.toProto(reply.settings())).build();
    }
    if (message instanceof EntryPointReply reply) {
      return toProto(reply);
    }
    throw unknown(message);
  }

  private MessageLite encode(OrganizationMessage message) {
    if (message instanceof OrganizationMessage.Change change) {
      return toProto(change);
    }
    if (message instanceof OrganizationMessage.Tell tell) {
      return TellSettings.newBuilder()
          .setReplyTo(address(tell.replyTo()))
          .setFreshKey(tell.freshKey())
          .build();
    }
    if (message instanceof OrganizationMessage.Rotate rotate) {
      return RotateKey.newBuilder()
          .setReplyTo(address(rotate.replyTo()))
          .setFreshKey(rotate.freshKey())
          .build();
    }
    if (message instanceof OrganizationMessage.Look look) {
      return LookAtSettings.newBuilder().setReplyTo(address(look.replyTo())).build();
    }
    throw unknown(message);
  }

  private MessageLite encode(EntryPointMessage message) {
    if (message instanceof EntryPointMessage.Put put) {
      return PutEntryPoint.newBuilder()
          .setReplyTo(address(put.replyTo()))
          .setEntryPoint(WebchatCodec.toProto(put.entryPoint()))
          .build();
    }
    if (message instanceof EntryPointMessage.Remove remove) {
      return RemoveEntryPoint.newBuilder().setReplyTo(address(remove.replyTo())).build();
    }
    if (message instanceof EntryPointMessage.Tell tell) {
      return TellEntryPoint.newBuilder().setReplyTo(address(tell.replyTo())).build();
    }
    throw unknown(message);
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case CHANGE -> change(ChangeSettings.parseFrom(bytes));
      case TELL -> {
        TellSettings tell = TellSettings.parseFrom(bytes);
        yield new OrganizationMessage.Tell(tell.getFreshKey(), actor(tell.getReplyTo()));
      }
      case ROTATE -> {
        RotateKey rotate = RotateKey.parseFrom(bytes);
        yield new OrganizationMessage.Rotate(rotate.getFreshKey(), actor(rotate.getReplyTo()));
      }
      case LOOK ->
          new OrganizationMessage.Look(actor(LookAtSettings.parseFrom(bytes).getReplyTo()));
      case SETTINGS ->
          new OrganizationReply(
              WebchatCodec.settings(SettingsReply.parseFrom(bytes).getSettings()));
      case PUT -> {
        PutEntryPoint put = PutEntryPoint.parseFrom(bytes);
        yield new EntryPointMessage.Put(
            WebchatCodec.entryPoint(put.getEntryPoint()), actor(put.getReplyTo()));
      }
      case REMOVE ->
          new EntryPointMessage.Remove(actor(RemoveEntryPoint.parseFrom(bytes).getReplyTo()));
      case TELL_ENTRY_POINT ->
          new EntryPointMessage.Tell(actor(TellEntryPoint.parseFrom(bytes).getReplyTo()));
      case ENTRY_POINT -> reply(dev.parley.entity.webchat.proto.EntryPointReply.parseFrom(bytes));
      default -> throw unknownManifest(manifest);
    };
  }

  private ChangeSettings toProto(OrganizationMessage.Change change) {
    ChangeSettings.Builder builder =
        ChangeSettings.newBuilder()
            .setReplyTo(address(change.replyTo()))
            .setFreshKey(change.freshKey());
    if (change.widgetDomain() != null) {
      builder.setWidgetDomain(change.widgetDomain().text());
    }
    if (change.allowedOrigins() != null) {
      builder.setAllowedOrigins(AllowedOrigins.newBuilder().addAllOrigins(change.allowedOrigins()));
    }
    return builder.build();
  }

  private OrganizationMessage.Change change(ChangeSettings change) {
    return new OrganizationMessage.Change(
        change.getWidgetDomain().isEmpty() ? null : WebchatCodec.domain(change.getWidgetDomain()),
        change.hasAllowedOrigins() ? change.getAllowedOrigins().getOriginsList() : null,
        change.getFreshKey(),
        actor(change.getReplyTo()));
  }

  private static MessageLite toProto(EntryPointReply reply) {
    var builder = dev.parley.entity.webchat.proto.EntryPointReply.newBuilder();
    if (reply.before() != null) {
      builder.setBefore(WebchatCodec.toProto(reply.before()));
    }
    if (reply.now() != null) {
      builder.setNow(WebchatCodec.toProto(reply.now()));
    }
    return builder.build();
  }

  private static EntryPointReply reply(dev.parley.entity.webchat.proto.EntryPointReply reply) {
    return new EntryPointReply(
        reply.hasBefore() ? WebchatCodec.entryPoint(reply.getBefore()) : null,
        reply.hasNow() ? WebchatCodec.entryPoint(reply.getNow()) : null);
  }
}
