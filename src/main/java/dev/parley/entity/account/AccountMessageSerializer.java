package dev.parley.entity.account;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.entity.account.messages.proto.Answer;
import dev.parley.entity.account.messages.proto.Question;
import dev.parley.entity.remote.MessageSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What the entities of this package are asked from other nodes and what they answer
 * (account_messages.proto).
 */
public final class AccountMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_102;

  private static final String QUESTION = "A";
  private static final String ANSWER = "a";
  private static final String TRY = "T";
  private static final String FORGIVE = "F";
  private static final String TRIED = "t";

  /** What never leaves its node: an actor says it to itself or hears it from its shard. */
  static final Set<Class<?>> LOCAL =
      Set.of(AccountMessage.Stop.class, TriesMessage.Over.class, TriesMessage.Stop.class);

  /** Called by Pekko. */
  public AccountMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof AccountMessage.Question) {
      return QUESTION;
    }
    if (message instanceof AccountReply) {
      return ANSWER;
    }
    if (message instanceof TriesMessage.Try) {
      return TRY;
    }
    if (message instanceof TriesMessage.Forgive) {
      return FORGIVE;
    }
    if (message instanceof Tried) {
      return TRIED;
    }
    throw unknown(message);
  }

  @Override
  protected MessageLite encode(Object message) {
    if (message instanceof AccountMessage.Question question) {
      return QuestionCodec.encode(question.command())
          .setReplyTo(address(question.replyTo()))
          .build();
    }
    if (message instanceof AccountReply reply) {
      return ReplyCodec.encode(reply);
    }
    if (message instanceof TriesMessage.Try one) {
      return dev.parley.entity.account.messages.proto.Try.newBuilder()
          .setReplyTo(address(one.replyTo()))
          .setLimit(one.limit())
          .setWindow(one.window().toMillis())
          .build();
    }
    if (message instanceof TriesMessage.Forgive) {
      return dev.parley.entity.account.messages.proto.Forgive.getDefaultInstance();
    }
    if (message instanceof Tried tried) {
      return dev.parley.entity.account.messages.proto.Tried.newBuilder()
          .setAllowed(tried.allowed())
          .setUntilReset(tried.untilReset().toMillis())
          .build();
    }
    throw unknown(message);
  }

  @Override
  protected Object decode(String manifest, CodedInputStream bytes) throws IOException {
    return switch (manifest) {
      case QUESTION -> {
        Question question = Question.parseFrom(bytes);
        yield new AccountMessage.Question(
            QuestionCodec.decode(question), actor(question.getReplyTo()));
      }
      case ANSWER -> ReplyCodec.decode(Answer.parseFrom(bytes));
      case TRY -> {
        var one = dev.parley.entity.account.messages.proto.Try.parseFrom(bytes);
        yield new TriesMessage.Try(
            one.getLimit(), Duration.ofMillis(one.getWindow()), actor(one.getReplyTo()));
      }
      case FORGIVE -> {
        dev.parley.entity.account.messages.proto.Forgive.parseFrom(bytes);
        yield new TriesMessage.Forgive();
      }
      case TRIED -> {
        var tried = dev.parley.entity.account.messages.proto.Tried.parseFrom(bytes);
        yield new Tried(tried.getAllowed(), Duration.ofMillis(tried.getUntilReset()));
      }
      default -> throw unknownManifest(manifest);
    };
  }
}
