package dev.parley;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a piece of code allocates, once it has been run often. */
public final class Allocation {
  private static final int RUNS = 50_000;

  private Allocation() {}

  /** Bytes of one run, on average. */
  public static double perRun(Runnable code) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < RUNS; i++) {
      code.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < RUNS; i++) {
      code.run();
    }
    return (double) (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
  }
}
