package dev.parley.entity.webchat;

import com.google.protobuf.MessageLite;
import dev.parley.entity.format.Kinds;
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
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What the entities of the webchat are asked from other nodes (webchat_messages.proto). */
public final class WebchatMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_112;

  /** What never leaves its node: the actors hear it from their shards. */
  static final Set<Class<?>> LOCAL =
      Set.of(OrganizationMessage.Stop.class, EntryPointMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add(
              "C",
              OrganizationMessage.Change.class,
              this::encode,
              ChangeSettings.parser(),
              this::change)
          .add("S", OrganizationMessage.Tell.class, this::encode, TellSettings.parser(), this::tell)
          .add(
              "K", OrganizationMessage.Rotate.class, this::encode, RotateKey.parser(), this::rotate)
          .add(
              "L",
              OrganizationMessage.Look.class,
              look -> LookAtSettings.newBuilder().setReplyTo(address(look.replyTo())).build(),
              LookAtSettings.parser(),
              look -> new OrganizationMessage.Look(actor(look.getReplyTo())))
          .add(
              "s",
              OrganizationReply.class,
              reply ->
                  SettingsReply.newBuilder()
                      .setSettings(WebchatCodec.toProto(reply.settings()))
                      .build(),
              SettingsReply.parser(),
              reply -> new OrganizationReply(WebchatCodec.settings(reply.getSettings())))
          .add("P", EntryPointMessage.Put.class, this::encode, PutEntryPoint.parser(), this::put)
          .add(
              "R",
              EntryPointMessage.Remove.class,
              remove -> RemoveEntryPoint.newBuilder().setReplyTo(address(remove.replyTo())).build(),
              RemoveEntryPoint.parser(),
              remove -> new EntryPointMessage.Remove(actor(remove.getReplyTo())))
          .add(
              "E",
              EntryPointMessage.Tell.class,
              tell -> TellEntryPoint.newBuilder().setReplyTo(address(tell.replyTo())).build(),
              TellEntryPoint.parser(),
              tell -> new EntryPointMessage.Tell(actor(tell.getReplyTo())))
          .add(
              "e",
              EntryPointReply.class,
              WebchatMessageSerializer::toProto,
              dev.parley.entity.webchat.proto.EntryPointReply.parser(),
              WebchatMessageSerializer::reply)
          .build();

  /** Called by Pekko. */
  public WebchatMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private TellSettings encode(OrganizationMessage.Tell tell) {
    return TellSettings.newBuilder()
        .setReplyTo(address(tell.replyTo()))
        .setFreshKey(tell.freshKey())
        .build();
  }

  private OrganizationMessage.Tell tell(TellSettings tell) {
    return new OrganizationMessage.Tell(tell.getFreshKey(), actor(tell.getReplyTo()));
  }

  private RotateKey encode(OrganizationMessage.Rotate rotate) {
    return RotateKey.newBuilder()
        .setReplyTo(address(rotate.replyTo()))
        .setFreshKey(rotate.freshKey())
        .build();
  }

  private OrganizationMessage.Rotate rotate(RotateKey rotate) {
    return new OrganizationMessage.Rotate(rotate.getFreshKey(), actor(rotate.getReplyTo()));
  }

  private PutEntryPoint encode(EntryPointMessage.Put put) {
    return PutEntryPoint.newBuilder()
        .setReplyTo(address(put.replyTo()))
        .setEntryPoint(WebchatCodec.toProto(put.entryPoint()))
        .build();
  }

  private EntryPointMessage.Put put(PutEntryPoint put) {
    return new EntryPointMessage.Put(
        WebchatCodec.entryPoint(put.getEntryPoint()), actor(put.getReplyTo()));
  }

  private ChangeSettings encode(OrganizationMessage.Change change) {
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
