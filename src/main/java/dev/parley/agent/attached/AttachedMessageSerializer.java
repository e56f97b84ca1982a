package dev.parley.agent.attached;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
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
import dev.parley.entity.remote.MessageSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What attached agents are asked from other nodes and what they answer (attached_messages.proto).
 */
public final class AttachedMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_004;

  private static final String ATTACH = "A";
  private static final String LEAVE = "L";
  private static final String NEXT = "N";
  private static final String LIVING = "V";
  private static final String OFFER = "O";
  private static final String OFFERED = "o";
  private static final String WITHDRAW = "W";
  private static final String WORKER_REPLY = "w";

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends AttachedMessage>> LOCAL =
      Set.of(AttachedMessage.Waited.class, AttachedMessage.Look.class, AttachedMessage.Stop.class);

  /** Called by Pekko. */
  public AttachedMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof WorkerReply) {
      return WORKER_REPLY;
    }
    if (message instanceof Offered) {
      return OFFERED;
    }
    if (message instanceof AttachedMessage.Attach) {
      return ATTACH;
    }
    if (message instanceof AttachedMessage.Leave) {
      return LEAVE;
    }
    if (message instanceof AttachedMessage.Next) {
      return NEXT;
    }
    if (message instanceof AttachedMessage.Living) {
      return LIVING;
    }
    if (message instanceof AttachedMessage.Offer) {
      return OFFER;
    }
    if (message instanceof AttachedMessage.Withdraw) {
      return WITHDRAW;
    }
    throw unknown(message);
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof WorkerReply reply) {
      return toProto(reply);
    }
    if (message instanceof Offered offered) {
      return toProto(offered);
    }
    if (message instanceof AttachedMessage.Attach attach) {
      return Attach.newBuilder()
          .setReplyTo(address(attach.replyTo()))
          .setWorker(attach.worker())
          .setLease(attach.lease().toMillis())
          .build();
    }
    if (message instanceof AttachedMessage.Leave leave) {
      return Leave.newBuilder()
          .setReplyTo(address(leave.replyTo()))
          .setWorker(leave.worker())
          .build();
    }
    if (message instanceof AttachedMessage.Next next) {
      return Next.newBuilder()
          .setReplyTo(address(next.replyTo()))
          .setWorker(next.worker())
          .setMaxWait(next.maxWait().toMillis())
          .build();
    }
    if (message instanceof AttachedMessage.Living living) {
      return Living.newBuilder().setReplyTo(address(living.replyTo())).build();
    }
    if (message instanceof AttachedMessage.Offer offer) {
      Offer.Builder builder =
          Offer.newBuilder().setReplyTo(address(offer.replyTo())).setTurn(toProto(offer.turn()));
      if (offer.claimedBy() != null) {
        builder.setClaimedBy(offer.claimedBy());
      }
      return builder.build();
    }
    if (message instanceof AttachedMessage.Withdraw withdraw) {
      return Withdraw.newBuilder().setTurn(toProto(withdraw.turn())).build();
    }
    throw unknown(message);
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case WORKER_REPLY ->
          workerReply(dev.parley.agent.attached.proto.WorkerReply.parseFrom(bytes));
      case OFFERED -> {
        var offered = dev.parley.agent.attached.proto.Offered.parseFrom(bytes);
        yield offered.hasClaimedBy()
            ? new Offered.Claimed(offered.getClaimedBy())
            : new Offered.Waiting();
      }
      case ATTACH -> {
        Attach attach = Attach.parseFrom(bytes);
        yield new AttachedMessage.Attach(
            attach.getWorker(), Duration.ofMillis(attach.getLease()), actor(attach.getReplyTo()));
      }
      case LEAVE -> {
        Leave leave = Leave.parseFrom(bytes);
        yield new AttachedMessage.Leave(leave.getWorker(), actor(leave.getReplyTo()));
      }
      case NEXT -> {
        Next next = Next.parseFrom(bytes);
        yield new AttachedMessage.Next(
            next.getWorker(), Duration.ofMillis(next.getMaxWait()), actor(next.getReplyTo()));
      }
      case LIVING -> new AttachedMessage.Living(actor(Living.parseFrom(bytes).getReplyTo()));
      case OFFER -> {
        Offer offer = Offer.parseFrom(bytes);
        yield new AttachedMessage.Offer(
            turn(offer.getTurn()),
            offer.hasClaimedBy() ? offer.getClaimedBy() : null,
            actor(offer.getReplyTo()));
      }
      case WITHDRAW -> new AttachedMessage.Withdraw(turn(Withdraw.parseFrom(bytes).getTurn()));
      default -> throw unknownManifest(manifest);
    };
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
