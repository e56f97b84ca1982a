package dev.parley.agent.registry;

import dev.parley.agent.registry.proto.ChangeReply;
import dev.parley.agent.registry.proto.ChangesRequest;
import dev.parley.agent.registry.proto.Conflict;
import dev.parley.agent.registry.proto.Done;
import dev.parley.agent.registry.proto.NoSuchAgent;
import dev.parley.agent.registry.proto.Page;
import dev.parley.agent.registry.proto.PutRequest;
import dev.parley.agent.registry.proto.RemoveRequest;
import dev.parley.agent.registry.proto.SwitchRequest;
import dev.parley.entity.format.Kinds;
import dev.parley.entity.remote.MessageSerializer;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What a registry is asked from other nodes and what it answers (registry_messages.proto). */
public final class RegistryMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_005;

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends RegistryMessage>> LOCAL =
      Set.of(RegistryMessage.Waited.class, RegistryMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add("P", RegistryMessage.Put.class, this::encode, PutRequest.parser(), this::put)
          .add(
              "R", RegistryMessage.Remove.class, this::encode, RemoveRequest.parser(), this::remove)
          .add(
              "T", RegistryMessage.Switch.class, this::encode, SwitchRequest.parser(), this::toggle)
          .add("C", RegistryMessage.Read.class, this::encode, ChangesRequest.parser(), this::read)
          .add(
              "c",
              RegistryReply.class,
              RegistryMessageSerializer::toProto,
              ChangeReply.parser(),
              RegistryMessageSerializer::reply)
          .add(
              "p",
              RegistryPage.class,
              RegistryMessageSerializer::toProto,
              Page.parser(),
              RegistryMessageSerializer::page)
          .build();

  /** Called by Pekko. */
  public RegistryMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private PutRequest encode(RegistryMessage.Put put) {
    return PutRequest.newBuilder()
        .setReplyTo(address(put.replyTo()))
        .setAgent(AgentCodec.encode(put.agent()))
        .build();
  }

  private RegistryMessage.Put put(PutRequest put) {
    return new RegistryMessage.Put(AgentCodec.decode(put.getAgent()), actor(put.getReplyTo()));
  }

  private RemoveRequest encode(RegistryMessage.Remove remove) {
    return RemoveRequest.newBuilder()
        .setReplyTo(address(remove.replyTo()))
        .setId(remove.id())
        .build();
  }

  private RegistryMessage.Remove remove(RemoveRequest remove) {
    return new RegistryMessage.Remove(remove.getId(), actor(remove.getReplyTo()));
  }

  private SwitchRequest encode(RegistryMessage.Switch toggle) {
    return SwitchRequest.newBuilder()
        .setReplyTo(address(toggle.replyTo()))
        .setId(toggle.id())
        .setStarted(toggle.started())
        .build();
  }

  private RegistryMessage.Switch toggle(SwitchRequest toggle) {
    return new RegistryMessage.Switch(
        toggle.getId(), toggle.getStarted(), actor(toggle.getReplyTo()));
  }

  private ChangesRequest encode(RegistryMessage.Read read) {
    return ChangesRequest.newBuilder()
        .setReplyTo(address(read.replyTo()))
        .setSince(read.since())
        .setMaxWait(read.maxWait().toMillis())
        .build();
  }

  private RegistryMessage.Read read(ChangesRequest read) {
    return new RegistryMessage.Read(
        read.getSince(), Duration.ofMillis(read.getMaxWait()), actor(read.getReplyTo()));
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
