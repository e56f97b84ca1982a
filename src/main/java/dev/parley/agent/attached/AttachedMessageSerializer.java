package dev.parley.agent.attached;

import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import dev.parley.agent.attached.proto.Attach;
import dev.parley.agent.attached.proto.Attached;
import dev.parley.agent.attached.proto.Bare;
import dev.parley.agent.attached.proto.Leave;
import dev.parley.agent.attached.proto.Living;
import dev.parley.agent.attached.proto.Next;
import dev.parley.agent.attached.proto.Offer;
import dev.parley.agent.attached.proto.Withdraw;
import dev.parley.entity.format.Kinds;
import dev.parley.entity.remote.MessageSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What attached agents are asked from other nodes and what they answer (attached_messages.proto).
 */
public final class AttachedMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_004;

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends AttachedMessage>> LOCAL =
      Set.of(AttachedMessage.Waited.class, AttachedMessage.Look.class, AttachedMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add("A", AttachedMessage.Attach.class, this::encode, Attach.parser(), this::attach)
          .add("L", AttachedMessage.Leave.class, this::encode, Leave.parser(), this::leave)
          .add("N", AttachedMessage.Next.class, this::encode, Next.parser(), this::next)
          .add(
              "V",
              AttachedMessage.Living.class,
              living -> Living.newBuilder().setReplyTo(address(living.replyTo())).build(),
              Living.parser(),
              living -> new AttachedMessage.Living(actor(living.getReplyTo())))
          .add("O", AttachedMessage.Offer.class, this::encode, Offer.parser(), this::offer)
          .add(
              "o",
              Offered.class,
              AttachedMessageSerializer::toProto,
              dev.parley.agent.attached.proto.Offered.parser(),
              AttachedMessageSerializer::offered)
          .add(
              "W",
              AttachedMessage.Withdraw.class,
              withdraw -> Withdraw.newBuilder().setTurn(toProto(withdraw.turn())).build(),
              Withdraw.parser(),
              withdraw -> new AttachedMessage.Withdraw(turn(withdraw.getTurn())))
          .add(
              "w",
              WorkerReply.class,
              AttachedMessageSerializer::toProto,
              dev.parley.agent.attached.proto.WorkerReply.parser(),
              AttachedMessageSerializer::workerReply)
          .build();

  /** Called by Pekko. */
  public AttachedMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private Attach encode(AttachedMessage.Attach attach) {
    return Attach.newBuilder()
        .setReplyTo(address(attach.replyTo()))
        .setWorker(attach.worker())
        .setLease(attach.lease().toMillis())
        .build();
  }

  private AttachedMessage.Attach attach(Attach attach) {
    return new AttachedMessage.Attach(
        attach.getWorker(), Duration.ofMillis(attach.getLease()), actor(attach.getReplyTo()));
  }

  private Leave encode(AttachedMessage.Leave leave) {
    return Leave.newBuilder()
        .setReplyTo(address(leave.replyTo()))
        .setWorker(leave.worker())
        .build();
  }

  private AttachedMessage.Leave leave(Leave leave) {
    return new AttachedMessage.Leave(leave.getWorker(), actor(leave.getReplyTo()));
  }

  private Next encode(AttachedMessage.Next next) {
    return Next.newBuilder()
        .setReplyTo(address(next.replyTo()))
        .setWorker(next.worker())
        .setMaxWait(next.maxWait().toMillis())
        .build();
  }

  private AttachedMessage.Next next(Next next) {
    return new AttachedMessage.Next(
        next.getWorker(), Duration.ofMillis(next.getMaxWait()), actor(next.getReplyTo()));
  }

  private Offer encode(AttachedMessage.Offer offer) {
    Offer.Builder builder =
        Offer.newBuilder().setReplyTo(address(offer.replyTo())).setTurn(toProto(offer.turn()));
    if (offer.claimedBy() != null) {
      builder.setClaimedBy(offer.claimedBy());
    }
    return builder.build();
  }

  private AttachedMessage.Offer offer(Offer offer) {
    return new AttachedMessage.Offer(
        turn(offer.getTurn()),
        offer.hasClaimedBy() ? offer.getClaimedBy() : null,
        actor(offer.getReplyTo()));
  }

  private static dev.parley.agent.attached.proto.Offered toProto(Offered offered) {
    var builder = dev.parley.agent.attached.proto.Offered.newBuilder();
    if (offered instanceof Offered.Claimed claimed) {
      builder.setClaimedBy(claimed.worker());
    } else if (!(offered instanceof Offered.Waiting)) {
      throw unknown(offered);
    }
    return builder.build();
  }

  private static Offered offered(dev.parley.agent.attached.proto.Offered offered) {
    return offered.hasClaimedBy()
        ? new Offered.Claimed(offered.getClaimedBy())
        : new Offered.Waiting();
  }

  private static dev.parley.agent.attached.proto.WorkerReply toProto(WorkerReply reply) {
    var builder = dev.parley.agent.attached.proto.WorkerReply.newBuilder();
    if (reply instanceof WorkerReply.Attached attached) {
      Attached.Builder turns =
          Attached.newBuilder().setExpiresAt(attached.expiresAt().toEpochMilli());
      attached.turns().forEach(turn -> turns.addTurns(toProto(turn)));
      builder.setAttached(turns);
    } else if (reply instanceof WorkerReply.Full) {
      builder.setFull(Bare.getDefaultInstance());
    } else if (reply instanceof WorkerReply.Handed handed) {
      builder.setHanded(toProto(handed.turn()));
    } else if (reply instanceof WorkerReply.Nothing) {
      builder.setNothing(Bare.getDefaultInstance());
    } else if (reply instanceof WorkerReply.NotAttached) {
      builder.setNotAttached(Bare.getDefaultInstance());
    } else if (reply instanceof WorkerReply.Left) {
      builder.setLeft(Bare.getDefaultInstance());
    } else {
      throw unknown(reply);
    }
    return builder.build();
  }

  private static WorkerReply workerReply(dev.parley.agent.attached.proto.WorkerReply reply) {
    return switch (reply.getReplyCase()) {
      case ATTACHED ->
          new WorkerReply.Attached(
              Instant.ofEpochMilli(reply.getAttached().getExpiresAt()),
              reply.getAttached().getTurnsList().stream()
                  .map(AttachedMessageSerializer::handed)
                  .toList());
      case FULL -> new WorkerReply.Full();
      case HANDED -> new WorkerReply.Handed(handed(reply.getHanded()));
      case NOTHING -> new WorkerReply.Nothing();
      case NOT_ATTACHED -> new WorkerReply.NotAttached();
      case LEFT -> new WorkerReply.Left();
      case REPLY_NOT_SET ->
          throw new IllegalArgumentException("an answer that this version does not know");
    };
  }

  private static dev.parley.agent.attached.proto.HandedTurn toProto(HandedTurn handed) {
    return dev.parley.agent.attached.proto.HandedTurn.newBuilder()
        .setTurn(toProto(handed.turn()))
        .setTakenOver(handed.takenOver())
        .build();
  }

  private static HandedTurn handed(dev.parley.agent.attached.proto.HandedTurn handed) {
    return new HandedTurn(turn(handed.getTurn()), handed.getTakenOver());
  }

  private static dev.parley.agent.attached.proto.OpenTurn toProto(OpenTurn turn) {
    var builder =
        dev.parley.agent.attached.proto.OpenTurn.newBuilder()
            .setEnvironmentId(turn.environmentId())
            .setAgentId(turn.agentId())
            .setSession(turn.session())
            .setInSeq(turn.inSeq())
            .setAttempt(turn.attempt());
    if (turn.externalId() != null) {
      builder.setExternalId(turn.externalId());
    }
    return builder.build();
  }

  private static OpenTurn turn(dev.parley.agent.attached.proto.OpenTurn turn) {
    return new OpenTurn(
        turn.getEnvironmentId(),
        turn.getAgentId(),
        turn.getSession(),
        turn.hasExternalId() ? turn.getExternalId() : null,
        turn.getInSeq(),
        turn.getAttempt());
  }
}
