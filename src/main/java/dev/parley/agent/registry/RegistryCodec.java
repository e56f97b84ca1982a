package dev.parley.agent.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.registry.RegistryEvent.AgentPut;
import dev.parley.agent.registry.RegistryEvent.AgentRemoved;
import dev.parley.agent.registry.RegistryEvent.AgentSwitched;
import dev.parley.agent.registry.proto.RegisteredAgent;
import dev.parley.agent.registry.proto.Registry;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events and snapshots of a registry as bytes (agents.proto). */
final class RegistryCodec {
  static final String SNAPSHOT = "S";

  private static final String PUT = "P";
  private static final String REMOVED = "R";
  private static final String SWITCHED = "T";

  private RegistryCodec() {}

  static String manifest(Object object) {
    if (object instanceof AgentPut) {
      return PUT;
    }
    if (object instanceof AgentRemoved) {
      return REMOVED;
    }
    if (object instanceof AgentSwitched) {
      return SWITCHED;
    }
    if (object instanceof RegistryState) {
      return SNAPSHOT;
    }
    throw new IllegalArgumentException("not stored: " + object.getClass().getName());
  }

  static byte[] encode(Object object) {
    if (object instanceof AgentPut put) {
      return dev.parley.agent.registry.proto.AgentPut.newBuilder()
          .setAgent(AgentCodec.encode(put.agent()))
          .build()
          .toByteArray();
    }
    if (object instanceof AgentRemoved removed) {
      return dev.parley.agent.registry.proto.AgentRemoved.newBuilder()
          .setId(removed.id())
          .build()
          .toByteArray();
    }
    if (object instanceof AgentSwitched switched) {
      return dev.parley.agent.registry.proto.AgentSwitched.newBuilder()
          .setId(switched.id())
          .setStarted(switched.started())
          .setConfigured(switched.configured())
          .build()
          .toByteArray();
    }
    return snapshot((RegistryState) object).toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the manifest is unknown or the bytes are not its message
   */
  static Object decode(String manifest, byte[] bytes) {
    try {
      return switch (manifest) {
        case PUT ->
            new AgentPut(
                AgentCodec.decode(
                    dev.parley.agent.registry.proto.AgentPut.parseFrom(bytes).getAgent()));
        case REMOVED ->
            new AgentRemoved(dev.parley.agent.registry.proto.AgentRemoved.parseFrom(bytes).getId());
        case SWITCHED -> switched(dev.parley.agent.registry.proto.AgentSwitched.parseFrom(bytes));
        case SNAPSHOT -> state(Registry.parseFrom(bytes));
        default -> throw new IllegalArgumentException("unknown manifest '" + manifest + "'");
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the stored " + manifest + " can't be read", e);
    }
  }

  /** What an agent takes when it is stored, in bytes. */
  static int size(AgentDefinition agent) {
    return AgentCodec.encode(agent).getSerializedSize();
  }

  private static AgentSwitched switched(dev.parley.agent.registry.proto.AgentSwitched stored) {
    return new AgentSwitched(stored.getId(), stored.getStarted(), stored.getConfigured());
  }

  private static Registry snapshot(RegistryState state) {
    Registry.Builder registry =
        Registry.newBuilder().setVersion(state.version()).putAllSwitched(state.switched());
    for (RegistryState.Entry entry : state.agents().values()) {
      registry.addAgents(
          RegisteredAgent.newBuilder()
              .setAgent(AgentCodec.encode(entry.agent()))
              .setVersion(entry.version()));
    }
    return registry.build();
  }

  private static RegistryState state(Registry stored) {
    Map<String, RegistryState.Entry> agents = new LinkedHashMap<>();
    for (RegisteredAgent agent : stored.getAgentsList()) {
      agents.put(
          RegistryState.key(agent.getAgent().getId()),
          new RegistryState.Entry(AgentCodec.decode(agent.getAgent()), agent.getVersion()));
    }
    return new RegistryState(stored.getVersion(), agents, stored.getSwitchedMap());
  }
}
