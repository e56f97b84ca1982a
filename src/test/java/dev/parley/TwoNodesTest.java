package dev.parley;

import static dev.parley.ClusterNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.HttpEndpoint;
import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import dev.parley.agent.attached.HandedTurn;
import dev.parley.agent.attached.WorkerReply;
import dev.parley.agent.registry.RegistryReply;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Renewals;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.SessionShards;
import dev.parley.entity.remote.SessionMessageSerializer;
import dev.parley.entity.remote.proto.StopTurn;
import dev.parley.entity.webchat.EntryPoint;
import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.entity.webchat.Webchats;
import dev.parley.entity.webchat.WidgetDomain;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Waitpoint;
import dev.parley.session.WaitpointId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes over real connections: what lives on one is used from the other as if it were there.
 */
class TwoNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MIB = Append.MAX_METERED_SIZE;

  private static EmbeddedPostgres postgres;
  private static ClusterNode first;
  private static ClusterNode second;

  @BeforeAll
  static void startNodes() throws Exception {
    postgres = TestPostgres.start();
    first = ClusterNode.first(postgres.address());
    second = first.another(postgres.address());
    assertThat(Eventually.within(PATIENCE.multipliedBy(3), () -> first.sees(2) && second.sees(2)))
        .isTrue();
    await(first.registry().loaded());
    await(second.registry().loaded());
  }

  @AfterAll
  static void stopNodes() throws Exception {
    Closing.all(second, first, postgres);
  }

  /** Where the session lives, and from where it is used. */
  static Stream<Arguments> bothWays() {
    return Stream.of(Arguments.of("first", "second"), Arguments.of("second", "first"));
  }

  private static ClusterNode node(String name) {
    return name.equals("first") ? first : second;
  }

  private static SessionReply ask(ClusterNode node, SessionId id, SessionCommand command)
      throws Exception {
    return await(node.sessions().ask(id, command));
  }

  private static SessionReply create(ClusterNode node, SessionId id) throws Exception {
    return ask(
        node,
        id,
        new SessionCommand.Create(
            null,
            "chat",
            "task",
            "{\"basePayload\":\"" + "x".repeat(32_000) + "\"}",
            List.of("a"),
            "{\"k\":\"" + "y".repeat(32_000) + "\"}",
            null,
            new TimeoutPolicy(30, true, 720, 5),
            null,
            "run_1"));
  }

  private static RecordContent record(int seed, int meteredSize) {
    byte[] body = new byte[meteredSize - 8];
    new Random(seed).nextBytes(body);
    return RecordContent.of(Bytes.wrap(body));
  }

  private static Append append(RecordContent... records) {
    return new Append(
        Channel.OUT,
        Stream.of(records).map(record -> new Draft(null, record)).toList(),
        null,
        null,
        null,
        true);
  }

  private static SessionReply.Appended appended(SessionReply reply) {
    assertThat(reply).isInstanceOf(SessionReply.Appended.class);
    return (SessionReply.Appended) reply;
  }

  private static CompletionStage<List<RecordContent>> follow(
      ClusterNode node, SessionId id, int count) throws Exception {
    Inspection inspection = await(node.sessions().inspect(id, Channel.OUT));
    return node.sessions()
        .follow(id, Channel.OUT, 0, inspection, null, Duration.ofSeconds(5))
        .mapConcat(TwoNodesTest::records)
        .take(count)
        .runWith(Sink.seq(), node.system());
  }

  private static List<RecordContent> records(ReadEvent event) {
    assertThat(event).isNotInstanceOf(ReadEvent.Failed.class);
    return event instanceof ReadEvent.Batch batch
        ? batch.records().records().stream().map(SequencedRecord::content).toList()
        : List.of();
  }

  @Test
  void what_was_on_its_way_while_a_session_moved_is_sent_once_more_and_done_once()
      throws Exception {
    SessionId id = second.newSession();
    create(first, id);
    Append append = append(record(1, 100));
    ActorRef deadLetters = Adapter.toClassic(first.system()).deadLetters();

    CompletableFuture<SessionReply> reply = new CompletableFuture<>();
    org.apache.pekko.actor.typed.ActorRef<SessionReply> asker =
        first
            .system()
            .systemActorOf(
                Behaviors.receiveMessage(
                    message -> {
                      reply.complete(message);
                      return Behaviors.stopped();
                    }),
                "asker",
                Props.empty());

    // As a region does it when it gives up what it has kept for a shard.
    deadLetters.tell(
        Dropped.apply(
            new ShardingEnvelope<>(id.entityId(), new SessionMessage.Ask(append, asker)),
            "the shard moves",
            deadLetters),
        ActorRef.noSender());

    assertThat(appended(await(reply)).start().seq()).isZero();
    assertThat(await(first.sessions().inspect(id, Channel.OUT)).tail().seq()).isEqualTo(1);
  }

  @ParameterizedTest(name = "on the {0}, from the {1}")
  @MethodSource("bothWays")
  void a_session_is_created_written_and_read_from_the_other_node(String home, String away)
      throws Exception {
    SessionId id = node(home).newSession();
    ClusterNode from = node(away);
    assertThat(create(from, id)).isInstanceOf(SessionReply.Started.class);

    CompletionStage<List<RecordContent>> live = follow(from, id, 3);
    RecordContent largest = record(1, MIB);
    RecordContent headers =
        new RecordContent(
            Collections.nCopies((MIB - 8) / 4, new Header(Bytes.utf8("n"), Bytes.utf8("v"))),
            Bytes.EMPTY);
    RecordContent small = record(2, 300);
    appended(ask(from, id, append(largest)));
    appended(ask(from, id, append(headers)));
    assertThat(appended(ask(node(home), id, append(small))).start().seq()).isEqualTo(2);
    assertThat(await(live)).containsExactly(largest, headers, small);

    // Most of it is no longer in the session's memory, so this comes from the journal.
    Inspection inspection = await(from.sessions().inspect(id, Channel.OUT));
    assertThat(inspection.tail().seq()).isEqualTo(3);
    assertThat(inspection.info().metadata()).hasSizeGreaterThan(32_000);
    assertThat(
            await(
                from.sessions()
                    .drain(id, Channel.OUT, 0, inspection)
                    .mapConcat(TwoNodesTest::records)
                    .runWith(Sink.seq(), from.system())))
        .containsExactly(largest, headers, small);
    assertThat(await(from.sessions().locate(id, Channel.OUT, inspection.tail().timestamp() + 1)))
        .isBetween(0L, 3L);

    assertThat(ask(from, id, new SessionCommand.Close("done", null, "r")))
        .isInstanceOf(SessionReply.Row.class);
    assertThat(ask(from, id, append(small))).isEqualTo(new SessionReply.Closed("done"));
  }

  @ParameterizedTest(name = "on the {0}, from the {1}")
  @MethodSource("bothWays")
  void a_series_of_any_size_is_written_from_the_other_node(String home, String away)
      throws Exception {
    SessionId id = node(home).newSession();
    create(node(away), id);
    List<Append> appends =
        Stream.of(1, 2, 3).map(seed -> append(record(seed, MIB), record(seed + 3, 8))).toList();
    // Each is a few bytes too large, which is said without sending it.
    assertThat(ask(node(away), id, new SessionCommand.AppendSeries(appends)))
        .isInstanceOf(SessionReply.SeriesAppended.class)
        .extracting(reply -> ((SessionReply.SeriesAppended) reply).replies())
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .singleElement()
        .isInstanceOf(SessionReply.InvalidAppend.class);
    assertThat(ask(node(away), id, append(record(1, MIB), record(2, 8))))
        .isInstanceOf(SessionReply.InvalidAppend.class);

    List<Append> right = Stream.of(1, 2, 3).map(seed -> append(record(seed, MIB))).toList();
    SessionReply reply = ask(node(away), id, new SessionCommand.AppendSeries(right));
    List<SessionReply> replies = ((SessionReply.SeriesAppended) reply).replies();
    assertThat(replies).hasSize(3).allMatch(SessionReply.Appended.class::isInstance);
    assertThat(((SessionReply.Appended) replies.get(2)).end().seq()).isEqualTo(3);
  }

  @ParameterizedTest(name = "on the {0}, from the {1}")
  @MethodSource("bothWays")
  void a_session_is_watched_and_renewed_from_the_other_node(String home, String away)
      throws Exception {
    SessionId id = node(home).newSession();
    ClusterNode from = node(away);
    create(from, id);

    String waitpoint = WaitpointId.mint(id);
    assertThat(
            ask(
                from,
                id,
                new SessionCommand.Wait(
                    waitpoint, null, -1, null, List.of("t"), null, null, null, true)))
        .isInstanceOf(SessionReply.WaitpointIs.class);
    CompletionStage<Optional<Waitpoint>> watched = from.sessions().watch(id, waitpoint, PATIENCE);
    ask(node(home), id, new SessionCommand.CompleteWait(waitpoint, "{}"));
    assertThat(await(watched).orElseThrow().outcome()).isNotNull();
    assertThat(await(from.sessions().watch(id, "none", PATIENCE))).isEmpty();

    CompletionStage<List<Renewals>> renewed = from.sessions().renewals(id, 0, PATIENCE);
    assertThat(ask(from, id, new SessionCommand.Touch(Activity.MANUAL)))
        .isInstanceOf(SessionReply.Alive.class);
    assertThat(await(renewed)).singleElement().extracting(Renewals::lastCount).isEqualTo(1L);

    assertThat(await(from.sessions().stopTurn(id))).isEqualTo(new SessionReply.TurnOver());
    assertThat(ask(from, id, new SessionCommand.Purge())).isInstanceOf(SessionReply.Purged.class);
    assertThat(await(from.sessions().inspect(id, Channel.OUT)).info()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "\0",
        "pekko://parley@",
        "pekko://parley@127.0.0.1:1/system/x#y",
        "pekko://other@host.invalid:99999/user/a",
        "pekko.tcp://parley@127.0.0.1:2552/user/a#1"
      })
  void an_address_that_leads_nowhere_harms_nobody(String address) throws Exception {
    SessionMessageSerializer serializer =
        new SessionMessageSerializer((ExtendedActorSystem) first.system().classicSystem());
    byte[] bytes = StopTurn.newBuilder().setReplyTo(address).build().toByteArray();
    try {
      SessionMessage.StopTurn stop = (SessionMessage.StopTurn) serializer.fromBinary(bytes, "S");
      stop.replyTo().tell(new SessionReply.TurnOver());
    } catch (IllegalArgumentException refused) {
      assertThat(address).isEqualTo("pekko://parley@127.0.0.1:1/system/x#y");
    }
  }

  @Test
  void a_worker_on_one_node_gets_the_turns_of_the_other() throws Exception {
    for (String agent : List.of("a", "b", "c", "d")) {
      assertThat(await(first.attached().isAttached("env", agent))).isFalse();
      assertThat(await(second.attached().attach("env", agent, "w", Duration.ofSeconds(30))))
          .isInstanceOf(WorkerReply.Attached.class);
      assertThat(await(first.attached().isAttached("env", agent))).isTrue();
      CompletionStage<WorkerReply> next = second.attached().next("env", agent, "w", PATIENCE);
      OpenTurn turn = new OpenTurn("env", agent, "session_1", null, 7, 1);
      await(first.attached().offer(turn, null));
      assertThat(await(next)).isEqualTo(new WorkerReply.Handed(new HandedTurn(turn, false)));
      assertThat(await(first.attached().offer(turn, null))).isEqualTo(new Offered.Claimed("w"));
      first.attached().withdraw(turn);
      assertThat(await(second.attached().leave("env", agent, "w")))
          .isInstanceOf(WorkerReply.Left.class);
    }
  }

  @Test
  void an_agent_that_is_registered_on_one_node_is_known_on_the_other() throws Exception {
    for (ClusterNode node : List.of(first, second)) {
      String id = UUID.randomUUID().toString();
      AgentDefinition agent =
          new AgentDefinition(
              id,
              "name",
              List.of("task-" + id),
              AgentSettings.NONE,
              true,
              new AgentKind.OpenAi(
                  HttpEndpoint.of("http://localhost/v1", List.of()),
                  "m",
                  null,
                  "x".repeat(60_000),
                  1),
              new AgentLimits(
                  Duration.ofSeconds(60), Duration.ofSeconds(30), 3, Duration.ofMillis(500)));
      assertThat(await(node.registry().put("env", agent))).isInstanceOf(RegistryReply.Done.class);
      for (ClusterNode each : List.of(first, second)) {
        assertThat(
                Eventually.within(
                    PATIENCE,
                    () -> each.registry().now("env").byId(id).filter(agent::equals).isPresent()))
            .isTrue();
      }
      assertThat(await(node.registry().switchTo("env", id, false)))
          .isInstanceOf(RegistryReply.Done.class);
      assertThat(await(node.registry().remove("env", id))).isInstanceOf(RegistryReply.Done.class);
    }
  }

  @Test
  void webchats_are_changed_on_one_node_and_so_on_the_other() throws Exception {
    // Some of them live on the first node, some on the second.
    for (int i = 0; i < 10; i++) {
      String id = "w-" + UUID.randomUUID();
      Webchats here = (i % 2 == 0 ? first : second).webchats();
      Webchats there = (i % 2 == 0 ? second : first).webchats();
      String key = await(here.settings(id)).requiredKey();
      assertThat(await(there.settings(id)).requiredKey()).isEqualTo(key);
      await(here.change(id, WidgetDomain.PROXY, List.of("https://a.example")));
      OrganizationSettings seen = await(there.byKey(key)).orElseThrow().settings();
      assertThat(seen.widgetDomain()).isEqualTo(WidgetDomain.PROXY);
      assertThat(seen.allowedOrigins()).containsExactly("https://a.example");
      String fresh = await(there.rotateKey(id)).requiredKey();
      assertThat(await(here.byKey(key))).isEmpty();
      assertThat(await(here.byKey(fresh))).isPresent();
      EntryPoint entryPoint = new EntryPoint("agent", id, true);
      assertThat(await(there.put(id, entryPoint)).before()).isNull();
      assertThat(await(here.entryPoint(id))).contains(entryPoint);
      assertThat(await(here.remove(id)).before()).isEqualTo(entryPoint);
      assertThat(await(there.entryPoint(id))).isEmpty();
    }
  }

  @Test
  void each_node_can_say_how_many_sessions_are_awake_on_which() throws Exception {
    first.newSession();
    second.newSession();
    for (ClusterNode node : List.of(first, second)) {
      Map<String, SessionShards.Held> held = await(node.shards().count());
      assertThat(held).hasSize(2);
      assertThat(held.values())
          .allSatisfy(
              here -> {
                assertThat(here.shards()).isPositive();
                assertThat(here.awake()).isGreaterThanOrEqualTo(here.shards());
              });
    }
  }
}
