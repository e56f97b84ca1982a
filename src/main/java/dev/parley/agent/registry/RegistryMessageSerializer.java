package dev.parley.agent.registry;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.agent.registry.proto.ChangeReply;
import dev.parley.agent.registry.proto.ChangesRequest;
import dev.parley.agent.registry.proto.Conflict;
import dev.parley.agent.registry.proto.Done;
import dev.parley.agent.registry.proto.NoSuchAgent;
import dev.parley.agent.registry.proto.Page;
import dev.parley.agent.registry.proto.PutRequest;
import dev.parley.agent.registry.proto.RemoveRequest;
import dev.parley.agent.registry.proto.SwitchRequest;
import dev.parley.entity.remote.MessageSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What a registry is asked from other nodes and what it answers (registry_messages.proto). */
public final class RegistryMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_005;

  private static final String PUT = "P";
  private static final String REMOVE = "R";
  private static final String SWITCH = "T";
  private static final String CHANGES = "C";
  private static final String CHANGE_REPLY = "c";
  private static final String PAGE = "p";

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends RegistryMessage>> LOCAL =
      Set.of(RegistryMessage.Waited.class, RegistryMessage.Stop.class);

  /** Called by Pekko. */
  public RegistryMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof RegistryPage) {
      return PAGE;
    }
    if (message instanceof RegistryReply) {
      return CHANGE_REPLY;
    }
    if (message instanceof RegistryMessage.Read) {
      return CHANGES;
    }
    if (message instanceof RegistryMessage.Put) {
      return PUT;
    }
    if (message instanceof RegistryMessage.Remove) {
      return REMOVE;
    }
    if (message instanceof RegistryMessage.Switch) {
      return SWITCH;
    }
    throw unknown(message);
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof RegistryPage page) {
      return toProto(page);
    }
    if (message instanceof RegistryReply reply) {
      return toProto(reply);
    }
    if (message instanceof RegistryMessage.Read read) {
      return ChangesRequest.newBuilder()
          .setReplyTo(address(read.replyTo()))
          .setSince(read.since())
          .setMaxWait(read.maxWait().toMillis())
          .build();
    }
    if (message instanceof RegistryMessage.Put put) {
      return PutRequest.newBuilder()
          .setReplyTo(address(put.replyTo()))
          .setAgent(AgentCodec.encode(put.agent()))
          .build();
    }
    if (message instanceof RegistryMessage.Remove remove) {
      return RemoveRequest.newBuilder()
          .setReplyTo(address(remove.replyTo()))
          .setId(remove.id())
          .build();
    }
    if (message instanceof RegistryMessage.Switch toggle) {
      return SwitchRequest.newBuilder()
          .setReplyTo(address(toggle.replyTo()))
          .setId(toggle.id())
          .setStarted(toggle.started())
          .build();
    }
    throw unknown(message);
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case PAGE -> page(Page.parseFrom(bytes));
      case CHANGE_REPLY -> reply(ChangeReply.parseFrom(bytes));
      case CHANGES -> {
        ChangesRequest read = ChangesRequest.parseFrom(bytes);
        yield new RegistryMessage.Read(
            read.getSince(), Duration.ofMillis(read.getMaxWait()), actor(read.getReplyTo()));
      }
      case PUT -> {
        PutRequest put = PutRequest.parseFrom(bytes);
        yield new RegistryMessage.Put(AgentCodec.decode(put.getAgent()), actor(put.getReplyTo()));
      }
      case REMOVE -> {
        RemoveRequest remove = RemoveRequest.parseFrom(bytes);
        yield new RegistryMessage.Remove(remove.getId(), actor(remove.getReplyTo()));
      }
      case SWITCH -> {
        SwitchRequest toggle = SwitchRequest.parseFrom(bytes);
        yield new RegistryMessage.Switch(
            toggle.getId(), toggle.getStarted(), actor(toggle.getReplyTo()));
      }
      default -> throw unknownManifest(manifest);
    };
  }

  private static ChangeReply toProto(RegistryReply reply) {
    ChangeReply.Builder builder = ChangeReply.newBuilder();
    if (reply instanceof RegistryReply.Done done) {
      builder.setDone(Done.newBuilder().setVersion(done.version()).setCreated(done.created()));
    } else if (reply instanceof RegistryReply.NoSuchAgent) {
      builder.setNoSuchAgent(NoSuchAgent.getDefaultInstance());
    } else if (reply instanceof RegistryReply.Conflict conflict) {
      builder.setConflict(Conflict.newBuilder().setReason(conflict.reason()));
    } else {
      throw unknown(reply);
    }
    return builder.build();
  }

  private static RegistryReply reply(ChangeReply reply) {
    return switch (reply.getReplyCase()) {
      case DONE ->
          new RegistryReply.Done(reply.getDone().getVersion(), reply.getDone().getCreated());
      case NO_SUCH_AGENT -> new RegistryReply.NoSuchAgent();
      case CONFLICT -> new RegistryReply.Conflict(reply.getConflict().getReason());
      case REPLY_NOT_SET ->
          throw new IllegalArgumentException("an answer that this version does not know");
    };
  }

  private static Page toProto(RegistryPage page) {
    Page.Builder builder =
        Page.newBuilder()
            .setVersion(page.version())
            .setComplete(page.complete())
            .addAllPresent(page.present())
            .putAllSwitched(page.switched());
    page.changed().forEach(agent -> builder.addChanged(AgentCodec.encode(agent)));
    return builder.build();
  }

  private static RegistryPage page(Page page) {
    return new RegistryPage(
        page.getVersion(),
        page.getComplete(),
        page.getPresentList(),
        page.getChangedList().stream().map(AgentCodec::decode).toList(),
        page.getSwitchedMap());
  }
}
