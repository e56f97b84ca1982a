package dev.parley.entity.account;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.parley.entity.account.messages.proto.Answer;
import dev.parley.entity.account.messages.proto.Question;
import dev.parley.entity.remote.MessageSerializer;
import java.io.IOException;
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

  /** What never leaves its node: an actor says it to itself or hears it from its shard. */
  static final Set<Class<?>> LOCAL = Set.of(AccountMessage.Stop.class);

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
      default -> throw unknownManifest(manifest);
    };
  }
}
