package dev.parley.entity;

import java.util.concurrent.atomic.LongAdder;

/** How many waitpoints of one session wait, as part of a count over all that are awake. */
final class OpenWaiters {
  private final LongAdder all;
  private int counted;

  OpenWaiters(LongAdder all) {
    this.all = all;
  }

  /**
   * @param waiting in this session; 0 when it goes to sleep
   */
  void are(int waiting) {
    if (waiting != counted) {
      all.add(waiting - counted);
      counted = waiting;
    }
  }
}
