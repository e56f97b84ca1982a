package dev.parley.agent.attached;

import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who of an agent's workers lives, and who has which turn. A turn has one holder at most, since it
 * is handed out only while it stands among the waiting, and leaves them when it is; it returns
 * there only when its holder's entry is removed.
 */
final class TurnBoard {
  /** Workers of an agent at most. */
  static final int MAX_WORKERS = 1_000;

  /** Turns that wait at most; further ones come in when they are offered again. */
  static final int MAX_WAITING = 100_000;

  /** Turns that a worker can have at once. */
  static final int MAX_HELD = 1_000;

  /** How long a claim that only the turn's owner tells of waits for its worker. */
  static final Duration RETURN_WITHIN = Duration.ofSeconds(30);

  private record Key(String session, long inSeq) {
    static Key of(OpenTurn turn) {
      return new Key(turn.session(), turn.inSeq());
    }
  }

  private static final class Worker {
    private final Set<Key> held = new HashSet<>();
    private Duration lease;
    private Instant until;

    /** False for one that is only known from a claim. */
    private boolean attached;

    private Worker(Duration lease, Instant until) {
      this.lease = lease;
      this.until = until;
    }
  }

  private static final class Slot {
    private final OpenTurn turn;

    /** Its place among the waiting, also when it returns there. */
    private final long place;

    private @Nullable String holder;
    private boolean takenOver;

    /** How often it was looked at since it was offered last. */
    private long looks;

    private Slot(OpenTurn turn, long place) {
      this.turn = turn;
      this.place = place;
    }
  }

  private final Map<String, Worker> workers = new HashMap<>();
  private final Map<Key, Slot> turns = new HashMap<>();
  private final TreeMap<Long, Slot> waiting = new TreeMap<>();
  private long places;

  boolean isEmpty() {
    return workers.isEmpty() && turns.isEmpty();
  }

  /** Whether a worker lives, or is still waited for because it had a turn lately. */
  boolean isAnybodyThere(Instant now) {
    return workers.values().stream().anyMatch(worker -> worker.until.isAfter(now));
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** When the worker's lease ends now; empty when there are too many workers already. */
  Optional<Instant> attach(String name, Duration lease, Instant now) {
    Worker worker = workers.get(name);
    if (worker == null) {
      if (workers.size() >= MAX_WORKERS) {
        return Optional.empty();
      }
      worker = new Worker(lease, now);
      workers.put(name, worker);
    }
    worker.attached = true;
    worker.lease = lease;
    worker.until = now.plus(lease);
    return Optional.of(worker.until);
  }

  /** What the worker has, the longest known first. */
  List<HandedTurn> heldBy(String name) {
    List<Slot> held = new ArrayList<>();
    Worker worker = workers.get(name);
    if (worker != null) {
      worker.held.forEach(key -> held.add(turns.get(key)));
    }
    return held.stream()
        .sorted((a, b) -> Long.compare(a.place, b.place))
        .map(slot -> new HandedTurn(slot.turn, slot.takenOver))
        .toList();
  }

  /** Whether the worker is attached; its lease begins anew. */
  boolean renew(String name, Instant now) {
    Worker worker = workers.get(name);
    if (worker == null || !worker.attached) {
      return false;
    }
    worker.until = now.plus(worker.lease);
    return true;
  }

  /** The worker is gone, and what it had waits again. */
  void leave(String name) {
    Worker gone = workers.remove(name);
    if (gone != null) {
      release(gone);
    }
  }

  private void release(Worker gone) {
    for (Key key : gone.held) {
      Slot slot = turns.get(key);
      slot.holder = null;
      slot.takenOver = true;
      waiting.put(slot.place, slot);
    }
  }

  /** The turn that has waited longest, which is now the worker's. */
  Optional<HandedTurn> next(String name) {
    Worker worker = workers.get(name);
    if (worker == null || worker.held.size() >= MAX_HELD || waiting.isEmpty()) {
      return Optional.empty();
    }
    Slot slot = waiting.firstEntry().getValue();
    claim(slot, name, worker);
    return Optional.of(new HandedTurn(slot.turn, slot.takenOver));
  }

  private void claim(Slot slot, String name, Worker worker) {
    waiting.remove(slot.place);
    slot.holder = name;
    worker.held.add(Key.of(slot.turn));
  }

  /**
   * Takes an offer. What is known of the turn counts more than what its owner says, which is what
   * it was told last. An attempt that is older than the known one is left alone.
   */
  Offered offer(OpenTurn turn, @Nullable String claimedBy, Instant now) {
    Slot known = turns.get(Key.of(turn));
    if (known != null && known.turn.attempt() > turn.attempt()) {
      return new Offered.Waiting();
    }
    if (known != null && known.turn.attempt() == turn.attempt()) {
      known.looks = 0;
      return how(known);
    }
    if (known != null) {
      remove(known);
    }
    if (claimedBy == null && waiting.size() >= MAX_WAITING) {
      return new Offered.Waiting();
    }
    Slot slot = new Slot(turn, places++);
    turns.put(Key.of(turn), slot);
    waiting.put(slot.place, slot);
    if (claimedBy != null) {
      claim(
          slot,
          claimedBy,
          workers.computeIfAbsent(
              claimedBy, name -> new Worker(RETURN_WITHIN, now.plus(RETURN_WITHIN))));
    }
    return how(slot);
  }

  /** How the turn stands. */
  Offered how(OpenTurn turn) {
    Slot slot = turns.get(Key.of(turn));
    return slot != null && slot.turn.attempt() == turn.attempt()
        ? how(slot)
        : new Offered.Waiting();
  }

  private static Offered how(Slot slot) {
    return slot.holder == null ? new Offered.Waiting() : new Offered.Claimed(slot.holder);
  }

  /** The turn has ended; a later attempt at it stays. */
  void withdraw(OpenTurn turn) {
    Slot known = turns.get(Key.of(turn));
    if (known != null && known.turn.attempt() <= turn.attempt()) {
      remove(known);
    }
  }

  private void remove(Slot slot) {
    Key key = Key.of(slot.turn);
    turns.remove(key);
    waiting.remove(slot.place);
    Worker worker = slot.holder == null ? null : workers.get(slot.holder);
    if (worker != null) {
      worker.held.remove(key);
    }
  }

  /**
   * Lets go of workers whose lease has ended, and of turns that nobody has offered since so many of
   * these looks. Until it is looked, whoever had a turn has it.
   */
  void look(Instant now, long maxLooks) {
    for (Iterator<Worker> all = workers.values().iterator(); all.hasNext(); ) {
      Worker worker = all.next();
      if (!worker.until.isAfter(now)) {
        all.remove();
        release(worker);
      }
    }
    turns.values().stream().filter(slot -> ++slot.looks > maxLooks).toList().forEach(this::remove);
  }
}
