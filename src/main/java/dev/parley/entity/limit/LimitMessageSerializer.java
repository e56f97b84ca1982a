package dev.parley.entity.limit;

import dev.parley.entity.format.Kinds;
import dev.parley.entity.limit.proto.Forgive;
import dev.parley.entity.limit.proto.Take;
import dev.parley.entity.remote.MessageSerializer;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/** What is counted for other nodes, and how often it was (limit_messages.proto). */
public final class LimitMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_006;

  /** Nodes that do not tell the limit judge by the count alone. */
  static final long NOT_TOLD = 1_000_000_000;

  /** What never leaves its node: the actor says it to itself or hears it from its shard. */
  static final Set<Class<? extends LimitMessage>> LOCAL =
      Set.of(LimitMessage.Over.class, LimitMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add("T", LimitMessage.Take.class, this::encode, Take.parser(), this::take)
          .add(
              "F",
              LimitMessage.Forgive.class,
              forgive -> Forgive.getDefaultInstance(),
              Forgive.parser(),
              forgive -> new LimitMessage.Forgive())
          .add(
              "t",
              Taken.class,
              taken ->
                  dev.parley.entity.limit.proto.Taken.newBuilder()
                      .setCount(taken.count())
                      .setUntilReset(taken.untilReset().toMillis())
                      .build(),
              dev.parley.entity.limit.proto.Taken.parser(),
              taken -> new Taken(taken.getCount(), Duration.ofMillis(taken.getUntilReset())))
          .build();

  /** Called by Pekko. */
  public LimitMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private Take encode(LimitMessage.Take take) {
    return Take.newBuilder()
        .setReplyTo(address(take.replyTo()))
        .setLimit(take.limit())
        .setWindow(take.window().toMillis())
        .build();
  }

  private LimitMessage.Take take(Take take) {
    return new LimitMessage.Take(
        take.hasLimit() ? take.getLimit() : NOT_TOLD,
        Duration.ofMillis(take.getWindow()),
        actor(take.getReplyTo()));
  }
}
