package dev.parley.entity.remote;

import dev.parley.entity.Inspection;
import dev.parley.entity.ReadReply;
import dev.parley.entity.RenewalsReply;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.WaitpointReply;
import dev.parley.entity.format.Kinds;
import dev.parley.entity.remote.proto.Ask;
import dev.parley.entity.remote.proto.CallbackDone;
import dev.parley.entity.remote.proto.Inspect;
import dev.parley.entity.remote.proto.Locate;
import dev.parley.entity.remote.proto.Read;
import dev.parley.entity.remote.proto.Reply;
import dev.parley.entity.remote.proto.StopTurn;
import dev.parley.entity.remote.proto.Watch;
import dev.parley.entity.remote.proto.WatchRenewals;
import dev.parley.journal.EventCodec;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What sessions are asked from other nodes and what they answer. A question has a capital letter,
 * its answer the same small one.
 */
public final class SessionMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_003;

  /**
   * What never leaves its node: a session says it to itself or hears it from its own shard. Unlike
   * these, the end of a callback finds its session by name, which may have moved meanwhile.
   */
  static final Set<Class<? extends SessionMessage>> LOCAL =
      Set.of(
          SessionMessage.ResumeTurn.class,
          SessionMessage.Flush.class,
          SessionMessage.ReadsDue.class,
          SessionMessage.Due.class,
          SessionMessage.CoolDown.class,
          SessionMessage.Reclaimed.class,
          SessionMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add("A", SessionMessage.Ask.class, this::encode, Ask.parser(), this::ask)
          .add("a", SessionReply.class, ReplyCodec::toProto, Reply.parser(), ReplyCodec::reply)
          .add("R", SessionMessage.Read.class, this::encode, Read.parser(), this::read)
          .add(
              "r",
              ReadReply.class,
              ReadCodec::toProto,
              dev.parley.entity.remote.proto.ReadReply.parser(),
              ReadCodec::reply)
          .add("I", SessionMessage.Inspect.class, this::encode, Inspect.parser(), this::inspect)
          .add(
              "i",
              Inspection.class,
              ReadCodec::toProto,
              dev.parley.entity.remote.proto.Inspection.parser(),
              ReadCodec::inspection)
          .add("L", SessionMessage.Locate.class, this::encode, Locate.parser(), this::locate)
          .add("W", SessionMessage.Watch.class, this::encode, Watch.parser(), this::watch)
          .add(
              "w",
              WaitpointReply.class,
              ReadCodec::toProto,
              dev.parley.entity.remote.proto.WaitpointReply.parser(),
              ReadCodec::waitpoint)
          .add(
              "N",
              SessionMessage.WatchRenewals.class,
              this::encode,
              WatchRenewals.parser(),
              this::watchRenewals)
          .add(
              "n",
              RenewalsReply.class,
              ReadCodec::toProto,
              dev.parley.entity.remote.proto.RenewalsReply.parser(),
              ReadCodec::renewals)
          .add(
              "S",
              SessionMessage.StopTurn.class,
              stop -> StopTurn.newBuilder().setReplyTo(address(stop.replyTo())).build(),
              StopTurn.parser(),
              stop -> new SessionMessage.StopTurn(actor(stop.getReplyTo())))
          .add(
              "C",
              SessionMessage.CallbackDone.class,
              done -> CallbackDone.newBuilder().setId(done.id()).setSettled(done.settled()).build(),
              CallbackDone.parser(),
              done -> new SessionMessage.CallbackDone(done.getId(), done.getSettled()))
          .build();

  /** Called by Pekko. */
  public SessionMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private Ask encode(SessionMessage.Ask question) {
    Ask.Builder ask = Ask.newBuilder().setReplyTo(address(question.replyTo()));
    if (question.generation() != SessionMessage.Ask.ANY_GENERATION) {
      ask.setGeneration(question.generation());
    }
    CommandCodec.put(question.command(), ask);
    if (question.trace() != null) {
      ask.setTrace(TraceCodec.toProto(question.trace()));
    }
    return ask.build();
  }

  private Read encode(SessionMessage.Read read) {
    return Read.newBuilder()
        .setReplyTo(address(read.replyTo()))
        .setChannel(read.channel().name())
        .setOut(isOut(read.channel()))
        .setGeneration(read.generation())
        .setFromSeq(read.fromSeq())
        .setMaxBytes(read.maxBytes())
        .setMaxWait(read.maxWait().toMillis())
        .build();
  }

  private Inspect encode(SessionMessage.Inspect inspect) {
    return Inspect.newBuilder()
        .setReplyTo(address(inspect.replyTo()))
        .setChannel(inspect.channel().name())
        .setOut(isOut(inspect.channel()))
        .build();
  }

  private Locate encode(SessionMessage.Locate locate) {
    return Locate.newBuilder()
        .setReplyTo(address(locate.replyTo()))
        .setChannel(locate.channel().name())
        .setOut(isOut(locate.channel()))
        .setTimestamp(locate.timestamp())
        .build();
  }

  private Watch encode(SessionMessage.Watch watch) {
    return Watch.newBuilder()
        .setReplyTo(address(watch.replyTo()))
        .setId(watch.id())
        .setMaxWait(watch.maxWait().toMillis())
        .build();
  }

  private WatchRenewals encode(SessionMessage.WatchRenewals watch) {
    return WatchRenewals.newBuilder()
        .setReplyTo(address(watch.replyTo()))
        .setAfterCount(watch.afterCount())
        .setMaxWait(watch.maxWait().toMillis())
        .build();
  }

  private static boolean isOut(Channel channel) {
    return channel.direction() == Direction.OUT;
  }

  private SessionMessage.Ask ask(Ask ask) {
    return new SessionMessage.Ask(
        CommandCodec.command(ask),
        ask.hasGeneration() ? ask.getGeneration() : SessionMessage.Ask.ANY_GENERATION,
        actor(ask.getReplyTo()),
        ask.hasTrace() ? TraceCodec.fromProto(ask.getTrace()) : null);
  }

  private SessionMessage.Read read(Read read) {
    return new SessionMessage.Read(
        EventCodec.channel(read.getChannel(), read.getOut()),
        read.getGeneration(),
        read.getFromSeq(),
        read.getMaxBytes(),
        Duration.ofMillis(read.getMaxWait()),
        actor(read.getReplyTo()));
  }

  private SessionMessage.Inspect inspect(Inspect inspect) {
    return new SessionMessage.Inspect(
        EventCodec.channel(inspect.getChannel(), inspect.getOut()), actor(inspect.getReplyTo()));
  }

  private SessionMessage.Locate locate(Locate locate) {
    return new SessionMessage.Locate(
        EventCodec.channel(locate.getChannel(), locate.getOut()),
        locate.getTimestamp(),
        actor(locate.getReplyTo()));
  }

  private SessionMessage.Watch watch(Watch watch) {
    return new SessionMessage.Watch(
        watch.getId(), Duration.ofMillis(watch.getMaxWait()), actor(watch.getReplyTo()));
  }

  private SessionMessage.WatchRenewals watchRenewals(WatchRenewals watch) {
    return new SessionMessage.WatchRenewals(
        watch.getAfterCount(), Duration.ofMillis(watch.getMaxWait()), actor(watch.getReplyTo()));
  }
}
