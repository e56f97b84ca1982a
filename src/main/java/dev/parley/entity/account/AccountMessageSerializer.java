package dev.parley.entity.account;

import dev.parley.entity.account.messages.proto.Answer;
import dev.parley.entity.account.messages.proto.Ended;
import dev.parley.entity.account.messages.proto.Question;
import dev.parley.entity.format.Kinds;
import dev.parley.entity.remote.MessageSerializer;
import java.util.Set;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What the entities of this package are asked from other nodes, what they answer, and the hint that
 * logins have ended (account_messages.proto).
 */
public final class AccountMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 8_450_102;

  /** What never leaves its node: an actor says it to itself or hears it from its shard. */
  static final Set<Class<?>> LOCAL = Set.of(AccountMessage.Stop.class);

  private final Kinds kinds =
      Kinds.builder()
          .add("A", AccountMessage.Question.class, this::encode, Question.parser(), this::question)
          .add("a", AccountReply.class, ReplyCodec::encode, Answer.parser(), ReplyCodec::decode)
          .add(
              "e",
              LoginEnded.class,
              login -> Ended.newBuilder().setName(login.name()).build(),
              Ended.parser(),
              ended -> new LoginEnded(ended.getName()))
          .build();

  /** Called by Pekko. */
  public AccountMessageSerializer(ExtendedActorSystem system) {
    super(system, IDENTIFIER);
  }

  @Override
  protected Kinds kinds() {
    return kinds;
  }

  private Question encode(AccountMessage.Question question) {
    return QuestionCodec.encode(question.command()).setReplyTo(address(question.replyTo())).build();
  }

  private AccountMessage.Question question(Question question) {
    return new AccountMessage.Question(
        QuestionCodec.decode(question), actor(question.getReplyTo()));
  }
}
