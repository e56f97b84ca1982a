package dev.parley.entity.remote;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadReply;
import dev.parley.entity.RenewalsReply;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.WaitpointReply;
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
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What sessions are asked from other nodes and what they answer. A question has a capital letter,
 * its answer the same small one.
 */
public final class SessionMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_003;

  private static final String ASK = "A";
  private static final String REPLY = "a";
  private static final String READ = "R";
  private static final String READ_REPLY = "r";
  private static final String INSPECT = "I";
  private static final String INSPECTION = "i";
  private static final String LOCATE = "L";
  private static final String WATCH = "W";
  private static final String WAITPOINT = "w";
  private static final String WATCH_RENEWALS = "N";
  private static final String RENEWALS = "n";
  private static final String STOP_TURN = "S";
  private static final String CALLBACK_DONE = "C";

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

  /** Called by Pekko. */
  public SessionMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof SessionMessage.Ask) {
      return ASK;
    }
    if (message instanceof SessionReply) {
      return REPLY;
    }
    if (message instanceof SessionMessage.Read) {
      return READ;
    }
    if (message instanceof ReadReply) {
      return READ_REPLY;
    }
    if (message instanceof SessionMessage.Inspect) {
      return INSPECT;
    }
    if (message instanceof Inspection) {
      return INSPECTION;
    }
    if (message instanceof SessionMessage.Locate) {
      return LOCATE;
    }
    if (message instanceof SessionMessage.Watch) {
      return WATCH;
    }
    if (message instanceof WaitpointReply) {
      return WAITPOINT;
    }
    if (message instanceof SessionMessage.WatchRenewals) {
      return WATCH_RENEWALS;
    }
    if (message instanceof RenewalsReply) {
      return RENEWALS;
    }
    if (message instanceof SessionMessage.StopTurn) {
      return STOP_TURN;
    }
    if (message instanceof SessionMessage.CallbackDone) {
      return CALLBACK_DONE;
    }
    throw unknown(message);
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof SessionMessage question) {
      return question(question);
    }
    if (message instanceof SessionReply reply) {
      return ReplyCodec.toProto(reply);
    }
    if (message instanceof ReadReply reply) {
      return ReadCodec.toProto(reply);
    }
    if (message instanceof Inspection inspection) {
      return ReadCodec.toProto(inspection);
    }
    if (message instanceof WaitpointReply reply) {
      return ReadCodec.toProto(reply);
    }
    if (message instanceof RenewalsReply reply) {
      return ReadCodec.toProto(reply);
    }
    throw unknown(message);
  }

  private MessageLite question(SessionMessage question) {
    if (question instanceof SessionMessage.Ask ask) {
      return encode(ask);
    }
    if (question instanceof SessionMessage.Read read) {
      return encode(read);
    }
    if (question instanceof SessionMessage.Inspect inspect) {
      return Inspect.newBuilder()
          .setReplyTo(address(inspect.replyTo()))
          .setChannel(inspect.channel().name())
          .setOut(isOut(inspect.channel()))
          .build();
    }
    if (question instanceof SessionMessage.Locate locate) {
      return Locate.newBuilder()
          .setReplyTo(address(locate.replyTo()))
          .setChannel(locate.channel().name())
          .setOut(isOut(locate.channel()))
          .setTimestamp(locate.timestamp())
          .build();
    }
    if (question instanceof SessionMessage.Watch watch) {
      return Watch.newBuilder()
          .setReplyTo(address(watch.replyTo()))
          .setId(watch.id())
          .setMaxWait(watch.maxWait().toMillis())
          .build();
    }
    if (question instanceof SessionMessage.WatchRenewals watch) {
      return WatchRenewals.newBuilder()
          .setReplyTo(address(watch.replyTo()))
          .setAfterCount(watch.afterCount())
          .setMaxWait(watch.maxWait().toMillis())
          .build();
    }
    if (question instanceof SessionMessage.StopTurn stop) {
      return StopTurn.newBuilder().setReplyTo(address(stop.replyTo())).build();
    }
    if (question instanceof SessionMessage.CallbackDone done) {
      return CallbackDone.newBuilder().setId(done.id()).setSettled(done.settled()).build();
    }
    throw unknown(question);
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

  private static boolean isOut(Channel channel) {
    return channel.direction() == Direction.OUT;
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case ASK -> ask(Ask.parseFrom(bytes));
      case REPLY -> ReplyCodec.reply(Reply.parseFrom(bytes));
      case READ -> read(Read.parseFrom(bytes));
      case READ_REPLY -> ReadCodec.reply(dev.parley.entity.remote.proto.ReadReply.parseFrom(bytes));
      case INSPECT -> {
        Inspect inspect = Inspect.parseFrom(bytes);
        yield new SessionMessage.Inspect(
            EventCodec.channel(inspect.getChannel(), inspect.getOut()),
            actor(inspect.getReplyTo()));
      }
      case INSPECTION ->
          ReadCodec.inspection(dev.parley.entity.remote.proto.Inspection.parseFrom(bytes));
      case LOCATE -> {
        Locate locate = Locate.parseFrom(bytes);
        yield new SessionMessage.Locate(
            EventCodec.channel(locate.getChannel(), locate.getOut()),
            locate.getTimestamp(),
            actor(locate.getReplyTo()));
      }
      case WATCH -> {
        Watch watch = Watch.parseFrom(bytes);
        yield new SessionMessage.Watch(
            watch.getId(), Duration.ofMillis(watch.getMaxWait()), actor(watch.getReplyTo()));
      }
      case WAITPOINT ->
          ReadCodec.waitpoint(dev.parley.entity.remote.proto.WaitpointReply.parseFrom(bytes));
      case WATCH_RENEWALS -> {
        WatchRenewals watch = WatchRenewals.parseFrom(bytes);
        yield new SessionMessage.WatchRenewals(
            watch.getAfterCount(),
            Duration.ofMillis(watch.getMaxWait()),
            actor(watch.getReplyTo()));
      }
      case RENEWALS ->
          ReadCodec.renewals(dev.parley.entity.remote.proto.RenewalsReply.parseFrom(bytes));
      case STOP_TURN -> new SessionMessage.StopTurn(actor(StopTurn.parseFrom(bytes).getReplyTo()));
      case CALLBACK_DONE -> {
        CallbackDone done = CallbackDone.parseFrom(bytes);
        yield new SessionMessage.CallbackDone(done.getId(), done.getSettled());
      }
      default -> throw unknownManifest(manifest);
    };
  }

  private SessionMessage ask(Ask ask) {
    return new SessionMessage.Ask(
        CommandCodec.command(ask),
        ask.hasGeneration() ? ask.getGeneration() : SessionMessage.Ask.ANY_GENERATION,
        actor(ask.getReplyTo()),
        ask.hasTrace() ? TraceCodec.fromProto(ask.getTrace()) : null);
  }

  private SessionMessage read(Read read) {
    return new SessionMessage.Read(
        EventCodec.channel(read.getChannel(), read.getOut()),
        read.getGeneration(),
        read.getFromSeq(),
        read.getMaxBytes(),
        Duration.ofMillis(read.getMaxWait()),
        actor(read.getReplyTo()));
  }
}
