package dev.parley.agent;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An actor system for streams, agents in it, and a turn for them; for one test, or registered with
 * a class until its last test is over.
 */
final class AgentFixture implements AfterAllCallback, AutoCloseable {
  static final String ID = "11111111-2222-4333-8444-555555555555";
  static final String SECRET = "geheim-1234567890";
  static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
  static final Duration PATIENCE = Duration.ofSeconds(15);
  static final AgentLimits LIMITS =
      new AgentLimits(Duration.ofSeconds(10), Duration.ofSeconds(8), 3, Duration.ofMillis(1));
  static final List<Network> LOOPBACK = List.of(Network.parse("127.0.0.0/8"));

  final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "agents",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));

  /** Agents that know one secret, in the variable {@code SECRET}. */
  Agents agents() {
    return new Agents(system, Clock.fixed(NOW, ZoneOffset.UTC), Map.of("SECRET", SECRET)::get);
  }

  Agent webhook(StandIn standIn, AgentLimits limits) {
    return agents().agent(definition(webhookAt(standIn.url("/answer?v=1")), limits));
  }

  Agent openAi(StandIn standIn, AgentLimits limits) {
    HttpEndpoint base = HttpEndpoint.of(standIn.url("/v1/"), LOOPBACK);
    return agents()
        .agent(definition(new AgentKind.OpenAi(base, "m-1", "SECRET", "Be brief.", 2), limits));
  }

  static AgentKind webhookAt(String url) {
    return new AgentKind.Webhook(HttpEndpoint.of(url, LOOPBACK), "SECRET", 2);
  }

  static AgentDefinition definition(AgentKind kind, AgentLimits limits) {
    return new AgentDefinition(ID, "Tester", List.of(), AgentSettings.NONE, true, kind, limits);
  }

  static Turn turn(String content) {
    return new Turn(
        "session_1",
        "ext-1",
        null,
        "99999999-2222-4333-8444-555555555555",
        new Turn.Message(
            "m-7",
            content,
            List.of(new Attachment("image", "https://x.example/a.png", "a.png", 5L, null)),
            "{\"tone\":\"kind\"}"),
        List.of(
            new Turn.Entry(Turn.Role.USER, "zero", NOW.minusSeconds(30)),
            new Turn.Entry(Turn.Role.USER, "one", NOW.minusSeconds(20)),
            new Turn.Entry(Turn.Role.AGENT, "two", NOW.minusSeconds(10))));
  }

  /** All that the agent says to "hi". */
  List<AgentOutput> outputs(Agent agent) throws Exception {
    return outputs(agent, turn("hi"));
  }

  List<AgentOutput> outputs(Agent agent, Turn turn) throws Exception {
    return agent
        .answer(turn)
        .runWith(Sink.seq(), system)
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static AgentOutput delta(String text) {
    return new AgentOutput.TextDelta(text);
  }

  static AgentOutput completed(String text) {
    return AgentOutput.Completed.of(text);
  }

  static AgentOutput failed(String reason, boolean retryable) {
    return new AgentOutput.Failed(reason, retryable);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
