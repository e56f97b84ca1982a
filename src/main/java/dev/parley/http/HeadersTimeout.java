package dev.parley.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.io.Inet;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Ends HTTP/1.1 connections on which the headers of the next request do not come in time
 * (web-runtime.md section 7). Pekko HTTP only ends connections that are silent, which a byte now
 * and then gets around.
 *
 * <p>HTTP/2 connections may wait for as long as they answer pings, and WebSockets have bounds of
 * their own.
 */
final class HeadersTimeout extends Inet.AbstractSocketOption {
  /** How often it is looked, which also forgets connections that have ended. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Duration limit;
  private final ConcurrentMap<InetSocketAddress, Waiting> connections = new ConcurrentHashMap<>();

  HeadersTimeout(Duration limit) {
    this.limit = limit;
  }

  /** Looks for late connections until the system ends. */
  void start(ActorSystem<?> system) {
    system
        .scheduler()
        .scheduleWithFixedDelay(LOOK_EVERY, LOOK_EVERY, this::endLate, system.executionContext());
  }

  @Override
  public void afterConnect(Socket socket) {
    if (socket.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
      connections.put(remote, new Waiting(socket));
    }
  }

  /** The handler, told apart by connection when its requests begin and their answers end. */
  Function<HttpRequest, CompletionStage<HttpResponse>> around(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return request -> {
      Waiting connection = begin(request);
      return connection == null
          ? handler.apply(request)
          : handler.apply(request).thenApply(response -> ending(response, connection));
    };
  }

  private @Nullable Waiting begin(HttpRequest request) {
    InetSocketAddress remote =
        request
            .getAttribute(AttributeKeys.remoteAddress)
            .flatMap(
                from ->
                    from.getAddress()
                        .map(address -> new InetSocketAddress(address, from.getPort())))
            .orElse(null);
    if (remote == null) {
      return null;
    }
    if (request.protocol().value().equals("HTTP/2.0")) {
      connections.remove(remote);
      return null;
    }
    Waiting connection = connections.get(remote);
    if (connection != null) {
      connection.begin();
    }
    return connection;
  }

  /** A change to another protocol never ends, and nor does a body that only the connection ends. */
  private static HttpResponse ending(HttpResponse response, Waiting connection) {
    HttpEntity entity = response.entity();
    if (response.status().intValue() == 101 || entity.isCloseDelimited()) {
      return response;
    }
    if (entity instanceof HttpEntity.Strict) {
      connection.end();
      return response;
    }
    Source<ByteString, ?> bytes =
        entity
            .getDataBytes()
            .watchTermination(
                (value, ended) -> {
                  ended.whenComplete((done, failure) -> connection.end());
                  return value;
                });
    return response.withEntity(
        entity instanceof HttpEntity.Default sized
            ? HttpEntities.create(sized.getContentType(), sized.getContentLength(), bytes)
            : HttpEntities.createChunked(entity.getContentType(), bytes));
  }

  private void endLate() {
    long latest = System.nanoTime() - limit.toNanos();
    connections.values().removeIf(connection -> connection.isOver() || connection.endIf(latest));
  }

  /** A connection that waits for its next request, or has some under way. */
  private static final class Waiting {
    private final Socket socket;
    private int underWay;
    private long since = System.nanoTime();

    Waiting(Socket socket) {
      this.socket = socket;
    }

    synchronized void begin() {
      underWay++;
    }

    synchronized void end() {
      underWay--;
      since = System.nanoTime();
    }

    boolean isOver() {
      return socket.isClosed();
    }

    /** Whether it has waited from before that time and so was ended. */
    synchronized boolean endIf(long latest) {
      if (underWay > 0 || since - latest > 0) {
        return false;
      }
      try {
        // The server reads the end of the connection now, and closes it as it would any other.
        socket.shutdownInput();
      } catch (IOException e) {
        // Closed in the meantime.
      }
      return true;
    }
  }
}
