package dev.parley.entity.limit;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.entity.remote.MessageSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What is counted for other nodes, and how often it was (limit_messages.proto). */
public final class LimitMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_006;

  private static final String TAKE = "T";
  private static final String FORGIVE = "F";
  private static final String TAKEN = "t";

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends LimitMessage>> LOCAL =
      Set.of(LimitMessage.Over.class, LimitMessage.Stop.class);

  /** Called by Pekko. */
  public LimitMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof LimitMessage.Take) {
      return TAKE;
    }
    if (message instanceof LimitMessage.Forgive) {
      return FORGIVE;
    }
    if (message instanceof Taken) {
      return TAKEN;
    }
    throw unknown(message);
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof LimitMessage.Take take) {
      return dev.parley.entity.limit.proto.Take.newBuilder()
          .setReplyTo(address(take.replyTo()))
          .setLimit(take.limit())
          .setWindow(take.window().toMillis())
          .build();
    }
    if (message instanceof LimitMessage.Forgive) {
      return dev.parley.entity.limit.proto.Forgive.getDefaultInstance();
    }
    if (message instanceof Taken taken) {
      return dev.parley.entity.limit.proto.Taken.newBuilder()
          .setCount(taken.count())
          .setUntilReset(taken.untilReset().toMillis())
          .build();
    }
    throw unknown(message);
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case TAKE -> {
        var take = dev.parley.entity.limit.proto.Take.parseFrom(bytes);
        yield new LimitMessage.Take(
            take.getLimit(), Duration.ofMillis(take.getWindow()), actor(take.getReplyTo()));
      }
      case FORGIVE -> {
        dev.parley.entity.limit.proto.Forgive.parseFrom(bytes);
        yield new LimitMessage.Forgive();
      }
      case TAKEN -> {
        var taken = dev.parley.entity.limit.proto.Taken.parseFrom(bytes);
        yield new Taken(taken.getCount(), Duration.ofMillis(taken.getUntilReset()));
      }
      default -> throw unknownManifest(manifest);
    };
  }
}
