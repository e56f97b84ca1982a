package dev.parley.chaos;

import dev.parley.session.SessionReply;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.OptionalLong;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Breaks a server from within: a Java agent that changes one method when its class is loaded.
 * Stands in a jar of its own, beside the server's, together with what its nested classes say.
 */
public final class SabotageAgent {
  private SabotageAgent() {}

  /** Called by the JVM before the server's main method; the argument names the sabotage. */
  public static void premain(String sabotage, Instrumentation instrumentation) {
    switch (Sabotage.valueOf(sabotage)) {
      case FORGET_PART_IDS ->
          change(instrumentation, "dev.parley.session.PartIdWindow", "find", Forgetful.class);
      case ANSWER_BEFORE_COMMIT ->
          change(instrumentation, "dev.parley.entity.SessionEntity", "commit", Hasty.class);
    }
  }

  private static void change(
      Instrumentation instrumentation, String type, String method, Class<?> advice) {
    new AgentBuilder.Default()
        .type(ElementMatchers.named(type))
        .transform(
            (builder, description, loader, module, domain) ->
                builder.visit(Advice.to(advice).on(ElementMatchers.named(method))))
        .installOn(instrumentation);
  }

  /** Finds nothing. */
  static final class Forgetful {
    private Forgetful() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) OptionalLong found) {
      found = OptionalLong.empty();
    }
  }

  /** Answers at once; the answer after the commit then finds nobody. */
  static final class Hasty {
    private Hasty() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.Argument(1) List<ActorRef<SessionReply>> replyTo,
        @Advice.Argument(2) List<SessionReply> replies) {
      for (int i = 0; i < replyTo.size(); i++) {
        replyTo.get(i).tell(replies.get(i));
      }
    }
  }
}
