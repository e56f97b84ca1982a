package dev.parley.bench;

import java.time.Duration;

/** Processor time of processes, in seconds. */
final class Cpu {
  private Cpu() {}

  static double of(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Of all servers of ClickHouse that this process has started and that live; 0 for others. */
  static double ofClickHouse() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("ChdbServer"))
        .mapToDouble(Cpu::of)
        .sum();
  }
}
