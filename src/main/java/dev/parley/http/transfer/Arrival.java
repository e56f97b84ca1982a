package dev.parley.http.transfer;

import dev.parley.session.RestoredPiece;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * A session on its way in. What can't be done fails with {@link LineRefused}. One step is begun
 * when the one before it is over.
 */
interface Arrival {
  /** What came of it. */
  enum Outcome {
    RESTORED,
    /** The session was there with all that the copy holds. */
    UNCHANGED
  }

  /** Takes what comes next. */
  CompletionStage<Done> take(RestoredPiece piece);

  /** All has come. */
  CompletionStage<Outcome> finish();

  /** Takes away what is there of a session that can't become whole. */
  CompletionStage<Done> abandon();

  /** How many records have been written. */
  long records();
}
