package dev.parley.http.transfer;

import dev.parley.entity.SessionCopies;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Writes a session that is not there, or not the whole of it. A small one takes one commit. */
final class Restoring implements Arrival {
  private static final int MAX_BYTES = 262_144;
  private static final int MAX_PIECES = 500;

  /** About what a part id takes. */
  private static final int PART_ID_BYTES = 24;

  private final SessionCopies copies;
  private final Session target;
  private final List<RestoredPiece> pending = new ArrayList<>();
  private long bytes;
  private long records;

  /** Whether something of it is there, which is nobody else's then. */
  private boolean begun;

  Restoring(SessionCopies copies, Session target) {
    this.copies = copies;
    this.target = target;
  }

  @Override
  public CompletionStage<Done> take(RestoredPiece piece) {
    long size = size(piece);
    boolean full = !pending.isEmpty() && (bytes + size > MAX_BYTES || pending.size() >= MAX_PIECES);
    if (!full) {
      add(piece, size);
      return CompletableFuture.completedFuture(Done.done());
    }
    return send(false)
        .thenApply(
            done -> {
              add(piece, size);
              return done;
            });
  }

  private void add(RestoredPiece piece, long size) {
    pending.add(piece);
    bytes += size;
  }

  private static long size(RestoredPiece piece) {
    if (piece instanceof RestoredPiece.Records run) {
      return run.append().meteredSize();
    }
    return piece instanceof RestoredPiece.PartIds ids
        ? (long) PART_ID_BYTES * ids.ids().seqs().length
        : 0;
  }

  private CompletionStage<Done> send(boolean last) {
    SessionCommand restore = new SessionCommand.Restore(target, pending, last);
    pending.clear();
    bytes = 0;
    return copies
        .ask(target.id(), restore)
        .thenApply(
            reply -> {
              if (reply instanceof SessionReply.Restored done) {
                begun = true;
                records += done.records();
                return Done.done();
              }
              throw new LineRefused(
                  reply instanceof SessionReply.CannotRestore cannot
                      ? cannot.problem()
                      : "the session has come into being meanwhile; import again to compare it");
            });
  }

  @Override
  public CompletionStage<Outcome> finish() {
    return send(true).thenApply(done -> Outcome.RESTORED);
  }

  @Override
  public CompletionStage<Done> abandon() {
    return begun
        ? copies.ask(target.id(), new SessionCommand.Abandon()).thenApply(reply -> Done.done())
        : CompletableFuture.completedFuture(Done.done());
  }

  @Override
  public long records() {
    return records;
  }
}
