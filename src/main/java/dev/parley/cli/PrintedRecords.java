package dev.parley.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.client.ChannelRecord;
import dev.parley.client.Header;
import dev.parley.client.ParleyException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;

/**
 * Prints records, a line for each, and asks for the next one when it has. When nobody reads the
 * lines any more, it is done.
 */
final class PrintedRecords implements Flow.Subscriber<ChannelRecord> {
  private final PrintStream out;
  private final boolean json;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private Flow.Subscription subscription;
  private long count;

  PrintedRecords(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * Waits for the end, and says how many were printed.
   *
   * @throws ParleyException when they can't be read any further
   */
  long await() {
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ParleyException failure) {
        throw failure;
      }
      throw new IllegalStateException("Records can't be printed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      subscription.cancel();
      throw new CommandFailed("Interrupted while records were shown");
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(ChannelRecord read) {
    out.println(json ? document(read).toString() : line(read));
    count++;
    // Flushes as well.
    if (out.checkError()) {
      subscription.cancel();
      done.complete(count);
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(count);
  }

  private static String line(ChannelRecord read) {
    String headers =
        read.headers().stream()
            .map(header -> header.name() + "=" + header.value())
            .collect(Collectors.joining(" "));
    String shown = headers.isEmpty() ? read.text() : "[" + headers + "] " + read.text();
    return "%-6d %s  %s".formatted(read.seq(), read.timestamp(), OneLine.of(shown)).stripTrailing();
  }

  private static ObjectNode document(ChannelRecord read) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("seq", read.seq())
            .put("timestamp", read.timestamp().toString());
    read.partId().ifPresent(id -> json.put("partId", id));
    Optional<JsonNode> data = read.data();
    if (data.isPresent()) {
      json.set("data", data.get());
    } else if (!read.body().isEmpty()) {
      json.put("body", read.body());
    }
    if (!read.headers().isEmpty()) {
      ArrayNode headers = json.putArray("headers");
      for (Header header : read.headers()) {
        headers.addArray().add(header.name()).add(header.value());
      }
    }
    return json;
  }
}
