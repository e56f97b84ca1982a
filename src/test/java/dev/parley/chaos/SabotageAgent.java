package dev.parley.chaos;

import static net.bytebuddy.matcher.ElementMatchers.nameEndsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import dev.parley.session.SessionReply;
import java.lang.instrument.Instrumentation;
import java.sql.Connection;
import java.util.List;
import java.util.OptionalLong;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Breaks a server from within: a Java agent that changes a method or two when their classes are
 * loaded. Stands in a jar of its own, beside the server's, together with what its nested classes
 * say.
 */
public final class SabotageAgent {
  private SabotageAgent() {}

  /** Called by the JVM before the server's main method; the argument names the sabotage. */
  public static void premain(String sabotage, Instrumentation instrumentation) {
    switch (Sabotage.valueOf(sabotage)) {
      case FORGET_PART_IDS ->
          change(
              instrumentation, "dev.parley.session.PartIdWindow", named("find"), Forgetful.class);
      case ANSWER_BEFORE_COMMIT ->
          change(instrumentation, "dev.parley.entity.SessionEntity", named("commit"), Hasty.class);
      case TRUST_MEMORY_AFTER_PAUSE -> {
        change(
            instrumentation,
            "dev.parley.journal.ClusterMembers",
            named("seen").and(takesArguments(Connection.class)),
            Trusting.class);
        change(
            instrumentation,
            "org.apache.pekko.cluster.sbr.SplitBrainResolverBase",
            nameEndsWith("thisActorSystemWasQuarantined"),
            Deaf.class);
      }
    }
  }

  private static void change(
      Instrumentation instrumentation,
      String type,
      ElementMatcher<MethodDescription> method,
      Class<?> advice) {
    new AgentBuilder.Default()
        .type(named(type))
        .transform(
            (builder, description, loader, module, domain) ->
                builder.visit(Advice.to(advice).on(method)))
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

  /** Takes itself for a member whatever the database says. */
  static final class Trusting {
    private Trusting() {}

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(
        @Advice.Return(readOnly = false) boolean seen,
        @Advice.Thrown(readOnly = false) Throwable failure) {
      seen = true;
      failure = null;
    }
  }

  /** Does nothing. */
  static final class Deaf {
    private Deaf() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }
}
