package dev.parley.entity;

import com.typesafe.config.Config;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.NodeMessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import scala.Option;

/**
 * The mailboxes of the sessions that are awake on a node. How many messages wait is counted when
 * somebody asks, so that it costs messages nothing.
 */
public final class SessionMailboxes implements Extension {
  private static final Id ID = new Id();

  private final Set<Mailbox> open = ConcurrentHashMap.newKeySet();

  private SessionMailboxes() {}

  /** Those of a system. */
  public static SessionMailboxes of(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** Messages that have come to sessions and are not taken yet. */
  public long waiting() {
    return open.stream().mapToLong(Mailbox::numberOfMessages).sum();
  }

  /** Those of the session that has the most. */
  public int longest() {
    return open.stream().mapToInt(Mailbox::numberOfMessages).max().orElse(0);
  }

  /** How many there are. */
  int count() {
    return open.size();
  }

  private static final class Id extends AbstractExtensionId<SessionMailboxes> {
    @Override
    public SessionMailboxes createExtension(ExtendedActorSystem system) {
      return new SessionMailboxes();
    }
  }

  /** What the configuration names as the type of these mailboxes. */
  public static final class Type implements MailboxType, ProducesMessageQueue<Mailbox> {
    /** As Pekko makes it. */
    public Type(ActorSystem.Settings settings, Config config) {}

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
      Mailbox mailbox = new Mailbox(of(system.get()));
      mailbox.home.open.add(mailbox);
      return mailbox;
    }
  }

  /** One that is known from its session's waking up until its end. */
  static final class Mailbox implements MessageQueue, UnboundedMessageQueueSemantics {
    private final NodeMessageQueue queue = new NodeMessageQueue();
    private final SessionMailboxes home;

    private Mailbox(SessionMailboxes home) {
      this.home = home;
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope message) {
      queue.enqueue(receiver, message);
    }

    @Override
    public Envelope dequeue() {
      return queue.dequeue();
    }

    @Override
    public int numberOfMessages() {
      return queue.numberOfMessages();
    }

    @Override
    public boolean hasMessages() {
      return queue.hasMessages();
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
      home.open.remove(this);
      queue.cleanUp(owner, deadLetters);
    }
  }
}
