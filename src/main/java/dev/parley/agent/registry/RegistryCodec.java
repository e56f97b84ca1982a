package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.registry.RegistryEvent.AgentPut;
import dev.parley.agent.registry.RegistryEvent.AgentRemoved;
import dev.parley.agent.registry.RegistryEvent.AgentSwitched;
import dev.parley.agent.registry.proto.RegisteredAgent;
import dev.parley.agent.registry.proto.Registry;
import dev.parley.entity.format.Kinds;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events and snapshots of a registry as bytes (agents.proto). */
final class RegistryCodec {
  static final Kinds KINDS =
      Kinds.builder()
          .add(
              "P",
              AgentPut.class,
              put ->
                  dev.parley.agent.registry.proto.AgentPut.newBuilder()
                      .setAgent(AgentCodec.encode(put.agent()))
                      .build(),
              dev.parley.agent.registry.proto.AgentPut.parser(),
              put -> new AgentPut(AgentCodec.decode(put.getAgent())))
          .add(
              "R",
              AgentRemoved.class,
              removed ->
                  dev.parley.agent.registry.proto.AgentRemoved.newBuilder()
                      .setId(removed.id())
                      .build(),
              dev.parley.agent.registry.proto.AgentRemoved.parser(),
              removed -> new AgentRemoved(removed.getId()))
          .add(
              "T",
              AgentSwitched.class,
              RegistryCodec::toProto,
              dev.parley.agent.registry.proto.AgentSwitched.parser(),
              RegistryCodec::switched)
          .add(
              "S",
              RegistryState.class,
              RegistryCodec::toProto,
              Registry.parser(),
              RegistryCodec::state)
          .build();

  private RegistryCodec() {}

  /** What an agent takes when it is stored, in bytes. */
  static int size(AgentDefinition agent) {
    return AgentCodec.encode(agent).getSerializedSize();
  }

  private static dev.parley.agent.registry.proto.AgentSwitched toProto(AgentSwitched switched) {
    return dev.parley.agent.registry.proto.AgentSwitched.newBuilder()
        .setId(switched.id())
        .setStarted(switched.started())
        .setConfigured(switched.configured())
        .build();
  }

  private static AgentSwitched switched(dev.parley.agent.registry.proto.AgentSwitched stored) {
    return new AgentSwitched(stored.getId(), stored.getStarted(), stored.getConfigured());
  }

  private static Registry toProto(RegistryState state) {
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
