package dev.parley.http.socketio;

import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;

/** A connection as the requests of its client find it. */
final class ConnectionEntry {
  private final String sid = RandomId.make();
  private final Connections connections;
  private final AtomicBoolean posting = new AtomicBoolean();
  private final CompletableFuture<Done> terminated = new CompletableFuture<>();
  private final Set<CompletableFuture<?>> expected = ConcurrentHashMap.newKeySet();

  ConnectionEntry(Connections connections) {
    this.connections = connections;
  }

  /** Names the connection in requests, and is all a request needs: never to be logged or shown. */
  String sid() {
    return sid;
  }

  /** What the client is told first. */
  String open(SocketIoSettings settings, boolean polling) {
    var open = Json.object().put("sid", sid);
    var upgrades = open.putArray("upgrades");
    if (polling) {
      upgrades.add("websocket");
    }
    return Json.text(
        open.put("pingInterval", settings.pingInterval().toMillis())
            .put("pingTimeout", settings.pingTimeout().toMillis())
            .put("maxPayload", settings.maxPayload()));
  }

  /** Whether no other request is sending. If so, {@link #endPost} must follow. */
  boolean beginPost() {
    return posting.compareAndSet(false, true);
  }

  void endPost() {
    posting.set(false);
  }

  /**
   * What a request is about to ask the connection for. It fails when the connection ends without an
   * answer, also if that was before it was asked.
   */
  <T> CompletableFuture<T> expect() {
    CompletableFuture<T> answer = new CompletableFuture<>();
    expected.add(answer);
    answer.whenComplete((value, failure) -> expected.remove(answer));
    if (isTerminated()) {
      failExpected();
    }
    return answer;
  }

  private void failExpected() {
    expected.forEach(
        answer -> answer.completeExceptionally(new Refused(EngineError.UNKNOWN_SID.response())));
  }

  /** No request finds the connection from now on. */
  void remove() {
    connections.remove(sid);
  }

  void terminated() {
    remove();
    terminated.complete(Done.getInstance());
    failExpected();
  }

  /** When the socket has heard of its end. */
  CompletionStage<Done> whenTerminated() {
    return terminated;
  }

  boolean isTerminated() {
    return terminated.isDone();
  }
}
