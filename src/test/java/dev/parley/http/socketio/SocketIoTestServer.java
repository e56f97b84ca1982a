package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.typesafe.config.Config;
import dev.parley.TestConfig;
import dev.parley.entity.Leaving;
import dev.parley.http.HttpServer;
import dev.parley.http.shared.ConnectionSettings;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestMeter;
import dev.parley.http.shared.SecurityHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/** A server with nothing but Socket.IO, and with the HTTP settings of the real one. */
public final class SocketIoTestServer implements AutoCloseable {
  /** The only key that is accepted, if one is given. */
  static final String KEY = "right";

  private final Map<String, DisconnectReason> ended = new ConcurrentHashMap<>();
  private final AtomicInteger events = new AtomicInteger();
  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private final ActorSystem<Void> system;
  private final SocketIoServer server;
  private final ServerBinding binding;

  private SocketIoTestServer(int port, Map<String, ?> settings) {
    Map<String, Object> changes = new HashMap<>(settings);
    changes.put("pekko.coordinated-shutdown.terminate-actor-system", "on");
    Config config = TestConfig.local(changes);
    system = ActorSystem.create(Behaviors.empty(), "socketio", config);
    ConnectionSettings times = ConnectionSettings.of(config.getConfig("parley.http"));
    Outgoing outgoing =
        new Outgoing(times.keepAlive(), () -> false, new SecurityHeaders(false), RequestMeter.NONE);
    server =
        new SocketIoServer(
            system,
            new Exchanges(system, outgoing, new Leaving(), times.request()),
            SocketIoSettings.of(config.getConfig("parley.http.socket-io")),
            this::decide);
    binding =
        await(
                new HttpServer(system, server.route(), outgoing, times.request())
                    .bind("127.0.0.1", port))
            .addToCoordinatedShutdown(Duration.ofSeconds(5), system);
  }

  /**
   * @param settings instead of those of {@code application.conf}, without {@code
   *     parley.http.socket-io.}
   */
  public static SocketIoTestServer start(Map<String, ?> settings) {
    return start(0, settings);
  }

  /** Likewise, on a port that is known already. */
  public static SocketIoTestServer start(int port, Map<String, ?> settings) {
    Map<String, Object> paths = new ConcurrentHashMap<>();
    settings.forEach((name, value) -> paths.put("parley.http.socket-io." + name, value));
    return new SocketIoTestServer(port, paths);
  }

  public int port() {
    return binding.localAddress().getPort();
  }

  public String origin() {
    return "http://127.0.0.1:" + port();
  }

  public SocketIoServer sockets() {
    return server;
  }

  /** Why each socket has ended, by their ids. */
  public Map<String, DisconnectReason> ended() {
    return ended;
  }

  /** How many events were handled. */
  public int events() {
    return events.get();
  }

  /** Lets events named {@code wait} end. */
  void openGate() {
    gate.complete(null);
  }

  /** Shuts down as the real server does. */
  @Override
  public void close() {
    await(CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()));
  }

  private CompletionStage<Admission> decide(Handshake handshake) {
    String key = handshake.header("x-api-key").orElse(handshake.auth().path("key").asText(KEY));
    if (key.equals("broken")) {
      throw new IllegalStateException("the connect hook fails, as the test wants");
    }
    Admission admission =
        key.equals(KEY)
            ? new Admission.Accepted(new Listener())
            : new Admission.Refused(
                "Invalid or missing API Key", Json.object().put("seen", key.length()));
    // Decided later and elsewhere, as by a look-up.
    return CompletableFuture.supplyAsync(() -> admission);
  }

  private final class Listener implements SocketListener {
    @Override
    public void onConnected(Socket socket) {
      socket.emit(
          "welcome",
          Json.object()
              .put("socketId", socket.id())
              .put("query", socket.handshake().query("room").orElse(""))
              .set("auth", socket.handshake().auth()));
    }

    @Override
    public CompletionStage<?> onEvent(Socket socket, SocketEvent event) {
      events.incrementAndGet();
      JsonNode first =
          event.arguments().isEmpty() ? TextNode.valueOf("") : event.arguments().get(0);
      JsonNode[] all = event.arguments().toArray(new JsonNode[0]);
      switch (event.name()) {
        case "join" -> {
          socket.join(first.asText());
          event.acknowledge();
        }
        case "leave" -> {
          socket.leave(first.asText());
          event.acknowledge();
        }
        case "say" -> {
          server.rooms().emit(first.path("room").asText(), "said", first);
          event.acknowledge();
        }
        case "drop" -> socket.disconnect();
        case "burst" -> {
          JsonNode filler = TextNode.valueOf("x".repeat(first.path("size").asInt()));
          for (int i = 0; i < first.path("count").asInt(); i++) {
            socket.emit("burst", Json.object().put("n", i), filler);
          }
        }
        case "fail" -> throw new IllegalStateException("the event hook fails, as the test wants");
        case "wait" -> {
          return gate.thenRun(event::acknowledge);
        }
        default -> {
          if (event.wantsAcknowledgement()) {
            event.acknowledge(all);
          } else {
            socket.emit(event.name(), all);
          }
        }
      }
      return SocketListener.handled();
    }

    @Override
    public void onDisconnect(Socket socket, DisconnectReason reason) {
      ended.put(socket.id(), reason);
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
