package dev.parley.http.s2;

import dev.parley.entity.Leaving;
import dev.parley.entity.Sessions;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import dev.parley.session.SessionReply;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One writer's append session: frames in, acknowledgements out, in order (s2.md section 4.4).
 *
 * <p>One series of appends is with the session at a time; what arrives meanwhile gathers and
 * becomes the next one. So any number of inputs share a commit, and nothing behind a refused input
 * is ever sent. A writer that is faster than the journal, or does not read its acknowledgements, is
 * held by the window of its HTTP/2 stream.
 */
final class AppendSession extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** Of one series; together with its envelope it must fit into a message between nodes. */
  private static final long MAX_SERIES_BYTES = Append.MAX_METERED_SIZE;

  private static final int MAX_SERIES_COUNT = 1_000;

  /** What may wait for the next series. */
  private static final long MAX_GATHERED_BYTES = 2 * MAX_SERIES_BYTES;

  private static final int MAX_GATHERED_COUNT = 2 * MAX_SERIES_COUNT;

  /** Acknowledgements that the client may leave unread. */
  private static final int MAX_UNREAD_BYTES = 256 * 1024;

  private final Inlet<ByteString> in = Inlet.create("AppendSession.in");
  private final Outlet<ByteString> out = Outlet.create("AppendSession.out");
  private final OpenStream stream;
  private final Sessions sessions;

  /** Of the request, to which all appends belong. */
  private final Context trace = Context.current();

  AppendSession(OpenStream stream, Sessions sessions) {
    this.stream = stream;
    this.sessions = sessions;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final FrameDecoder frames = new FrameDecoder();
    private final Deque<Append> gathered = new ArrayDeque<>();
    private final AsyncCallback<SessionReply> replies = createAsyncCallback(this::onReply);
    private final AsyncCallback<S2Error> refusals = createAsyncCallback(this::refuse);
    private final Leaving.Guest guest = () -> refusals.invoke(S2Error.draining());
    private long gatheredBytes;
    private boolean asking;
    private boolean inputEnded;

    /** Why the session ends once everything before it is acknowledged. */
    private @Nullable S2Error failure;

    private boolean terminated;

    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    private Logic() {
      super(AppendSession.this.shape());
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              ByteString chunk = grab(in);
              if (failure == null) {
                frames.feed(chunk.toArrayUnsafe());
              }
              proceed();
            }

            @Override
            public void onUpstreamFinish() {
              inputEnded = true;
              proceed();
            }

            @Override
            public void onPull() {
              proceed();
            }
          });
    }

    @Override
    public void preStart() {
      sessions.leaving().enter(guest);
      proceed();
    }

    @Override
    public void postStop() {
      sessions.leaving().exit(guest);
    }

    /** What is with the session already is acknowledged first, as with every other failure. */
    private void refuse(S2Error error) {
      if (failure == null) {
        failure = error;
        gathered.clear();
        gatheredBytes = 0;
        proceed();
      }
    }

    /** Does what can be done now, in the order in which it has to be done. */
    private void proceed() {
      gather();
      ask();
      answer();
      // After a failure the rest of the body is read and dropped: to cancel it would take the
      // terminal frame along.
      boolean wanted = failure != null || (hasRoom() && unread.size() < MAX_UNREAD_BYTES);
      if (!inputEnded && wanted && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private boolean hasRoom() {
      return gatheredBytes < MAX_GATHERED_BYTES && gathered.size() < MAX_GATHERED_COUNT;
    }

    /** Reads the inputs that are here as a whole, as far as there is room for them. */
    private void gather() {
      try {
        while (failure == null && hasRoom()) {
          Optional<com.google.protobuf.ByteString> payload = frames.next();
          if (payload.isEmpty()) {
            if (inputEnded && frames.isInsideFrame()) {
              throw FrameDecoder.bad("the body ends inside of it");
            }
            return;
          }
          Append append = AppendInputs.parse(stream.channel(), payload.get());
          Optional<String> problem = AppendCheck.problem(append);
          if (problem.isPresent()) {
            failure = S2Error.invalid(problem.get());
            return;
          }
          gathered.addLast(append);
          gatheredBytes += append.meteredSize();
        }
      } catch (S2Refused refused) {
        failure = refused.error();
      } catch (IOException e) {
        failure = FrameDecoder.bad("the payload is no AppendInput").error();
      }
    }

    private void ask() {
      if (asking || gathered.isEmpty()) {
        return;
      }
      List<Append> series = new ArrayList<>();
      long bytes = 0;
      while (!gathered.isEmpty() && series.size() < MAX_SERIES_COUNT) {
        long next = gathered.getFirst().meteredSize();
        if (!series.isEmpty() && bytes + next > MAX_SERIES_BYTES) {
          break;
        }
        series.add(gathered.removeFirst());
        bytes += next;
      }
      gatheredBytes -= bytes;
      asking = true;
      try (Scope entered = trace.makeCurrent()) {
        sessions
            .ask(stream.session(), stream.generation(), new AppendSeries(series))
            .whenComplete((reply, impossible) -> replies.invoke(reply));
      }
    }

    private void onReply(SessionReply reply) {
      asking = false;
      List<SessionReply> answers =
          reply instanceof SessionReply.SeriesAppended series ? series.replies() : List.of(reply);
      for (SessionReply answer : answers) {
        if (answer instanceof SessionReply.Appended appended) {
          unread.writeBytes(Frame.of(Acks.message(appended)));
        } else {
          failure = S2Error.of(answer);
          gathered.clear();
          gatheredBytes = 0;
        }
      }
      proceed();
    }

    /** Acknowledgements first, then the terminal frame if there is a failure, then the end. */
    private void answer() {
      boolean allAnswered = !asking && gathered.isEmpty();
      if (allAnswered && failure != null && !terminated) {
        unread.writeBytes(failure.frame());
        terminated = true;
      }
      if (unread.size() > 0 && isAvailable(out)) {
        push(out, ByteString.fromArrayUnsafe(unread.toByteArray()));
        unread.reset();
      }
      if (unread.size() == 0 && (terminated || (allAnswered && inputEnded))) {
        complete(out);
        // What the client still sends is dropped, and nobody waits for it.
        sessions.leaving().exit(guest);
      }
    }
  }
}
