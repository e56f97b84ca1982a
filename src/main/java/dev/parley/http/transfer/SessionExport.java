package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.SessionCopies;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The lines of one session: its state at one instant, then what belongs to that. Records are read
 * from the journal, so the session goes on taking others meanwhile.
 */
final class SessionExport {
  private final SessionCopies copies;
  private final SessionId id;
  private final Exported counts;

  SessionExport(SessionCopies copies, SessionId id, Exported counts) {
    this.copies = copies;
    this.id = id;
    this.counts = counts;
  }

  /** Nothing when there is no such session, or not yet the whole of it. */
  Source<ObjectNode, NotUsed> lines() {
    return Source.completionStageSource(
            copies
                .portray(id)
                .thenApply(
                    portrait -> isThere(portrait) ? lines(portrait) : Source.<ObjectNode>empty()))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private static boolean isThere(SessionReply.Portrayed portrait) {
    Session session = portrait.session();
    return !portrait.restoring() && (session.info() != null || !session.channels().isEmpty());
  }

  private Source<ObjectNode, NotUsed> lines(SessionReply.Portrayed portrait) {
    Runs runs = new Runs(portrait.session());
    ObjectNode first = Json.object().set("session", StateJson.of(portrait.session()));
    return Source.single(first)
        .concatLazy(
            copies
                .records(id, portrait)
                .map(Optional::of)
                .concat(Source.single(Optional.empty()))
                .mapConcat(append -> append.map(runs::add).orElseGet(runs::flush))
                .map(PieceJson::line))
        .concatLazy(Source.lazySource(() -> partIds(portrait.session())).map(PieceJson::line))
        .concatLazy(Source.lazySource(() -> end(portrait, runs)));
  }

  private Source<RestoredPiece, NotUsed> partIds(Session session) {
    return Source.from(session.channels().keySet().stream().sorted(StateJson.ORDER).toList())
        .mapConcat(channel -> List.of(Pair.create(channel, false), Pair.create(channel, true)))
        .flatMapConcat(kind -> partIds(kind.first(), kind.second(), session.channel(kind.first())));
  }

  private Source<RestoredPiece, NotUsed> partIds(
      Channel channel, boolean batches, ChannelState state) {
    return Source.unfoldAsync(0L, from -> recall(channel, batches, from))
        .mapConcat(blocks -> blocks)
        .mapConcat(block -> before(block, state.nextSeq()))
        .map(block -> new RestoredPiece.PartIds(channel, batches, block));
  }

  private CompletionStage<Optional<Pair<Long, List<PartIdWindow.Block>>>> recall(
      Channel channel, boolean batches, long from) {
    return copies
        .ask(id, new SessionCommand.Recall(channel, batches, from))
        .thenApply(
            reply -> {
              List<PartIdWindow.Block> blocks =
                  reply instanceof SessionReply.Recalled recalled ? recalled.blocks() : List.of();
              return blocks.stream()
                  .map(PartIdWindow.Block::lastSeq)
                  .max(Comparator.naturalOrder())
                  .map(last -> Pair.create(last + 1, blocks));
            });
  }

  /** The ids of records that the copy has. */
  private static List<PartIdWindow.Block> before(PartIdWindow.Block block, long endSeq) {
    long[] seqs = block.seqs();
    int[] kept = IntStream.range(0, seqs.length).filter(i -> seqs[i] < endSeq).toArray();
    if (kept.length == 0) {
      return List.of();
    }
    return List.of(
        new PartIdWindow.Block(
            block.newestAt(),
            IntStream.of(kept).mapToLong(i -> block.high()[i]).toArray(),
            IntStream.of(kept).mapToLong(i -> block.low()[i]).toArray(),
            IntStream.of(kept).mapToLong(i -> seqs[i]).toArray()));
  }

  /** What is missing was trimmed while it was read, or the whole session was purged. */
  private Source<ObjectNode, NotUsed> end(SessionReply.Portrayed portrait, Runs runs) {
    Map<Channel, Long> missing = runs.missing();
    if (missing.isEmpty()) {
      return Source.single(done(runs));
    }
    return Source.completionStageSource(
            copies.portray(id).thenCompose(now -> afterAll(portrait, now, missing, runs)))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private CompletionStage<Source<ObjectNode, NotUsed>> afterAll(
      SessionReply.Portrayed then,
      SessionReply.Portrayed now,
      Map<Channel, Long> missing,
      Runs runs) {
    if (now.generation() != then.generation()) {
      ObjectNode gone = Json.object().put("id", id.friendlyId()).put("gone", true);
      return CompletableFuture.completedFuture(Source.single(Json.object().set("done", gone)));
    }
    for (Map.Entry<Channel, Long> stream : missing.entrySet()) {
      long trimPoint = now.session().channel(stream.getKey()).trimPoint();
      if (trimPoint < stream.getValue()) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(
                "records of %s in %s are not in the journal".formatted(stream.getKey(), id)));
      }
    }
    return CompletableFuture.completedFuture(
        Source.from(missing.entrySet())
            .map(
                stream ->
                    PieceJson.line(new RestoredPiece.Trimmed(stream.getKey(), stream.getValue())))
            .concatLazy(Source.lazySource(() -> Source.single(done(runs)))));
  }

  private ObjectNode done(Runs runs) {
    counts.add(runs.records());
    return Json.object()
        .set("done", Json.object().put("id", id.friendlyId()).put("records", runs.records()));
  }
}
