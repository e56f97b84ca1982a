package dev.parley.entity;

import dev.parley.journal.Reclaim;

/** Gives back in the background what a snapshot has made useless. */
public interface Space {
  /**
   * @param whenDone to be called, on any thread, when all of it is given back; never if it is not
   */
  void reclaim(Reclaim reclaim, Runnable whenDone);
}
