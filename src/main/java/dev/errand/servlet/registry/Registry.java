package dev.errand.servlet.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.servlet.host.InvalidServletException;
import dev.errand.servlet.host.ServletHost;
import dev.errand.servlet.host.ServletModule;
import dev.errand.tool.ToolSpec;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Publishes servlets, and brings what was published to the host. */
@ApplicationScoped
public class Registry {
  private final ConcurrentMap<String, List<ToolSpec>> tools = new ConcurrentHashMap<>();
  private final ServletHost host;
  private final EntityManager entities;
  private final ObjectMapper json;
  private final Clock clock;

  Registry(ServletHost host, EntityManager entities, ObjectMapper json, Clock clock) {
    this.host = host;
    this.entities = entities;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Publishes bytes as the newest version of a servlet, which is made where there is none. Bytes
   * that are its newest version already change nothing.
   *
   * @return the servlet
   * @throws InvalidServletException when the host refuses the bytes
   * @throws InterruptedException when the thread is interrupted while the servlet describes itself
   */
  @Transactional
  public Servlet publish(String owner, String name, String description, byte[] wasm)
      throws InvalidServletException, InterruptedException {
    ContentAddress address = ContentAddress.of(wasm);
    // Several machines may publish the same bundled servlet at their first start.
    entities
        .createNativeQuery("SELECT pg_advisory_xact_lock(hashtext(?1))", Object.class)
        .setParameter(1, "servlet " + owner + "/" + name)
        .getSingleResult();
    if (ServletContent.findById(address.hex()) == null) {
      ServletContent content = new ServletContent();
      content.address = address.hex();
      content.wasm = wasm;
      content.tools = write(host.describe(host.load(address.hex(), wasm)));
      content.createdAt = clock.instant();
      content.persist();
    }
    Servlet servlet = Servlet.of(owner, name).orElseGet(() -> create(owner, name));
    servlet.description = description;
    servlet.persist();
    entities.flush();
    entities
        .createNativeQuery(
            "INSERT INTO servlet_version (servlet_id, number, address) SELECT ?1, coalesce((SELECT"
                + " max(number) FROM servlet_version WHERE servlet_id = ?1), 0) + 1, ?2 ON CONFLICT"
                + " (servlet_id, address) DO NOTHING")
        .setParameter(1, servlet.id)
        .setParameter(2, address.hex())
        .executeUpdate();
    return servlet;
  }

  /** The content address of a servlet's newest version. */
  @Transactional
  public Optional<ContentAddress> newest(Servlet servlet) {
    List<?> rows =
        entities
            .createNativeQuery(
                "SELECT address FROM servlet_version WHERE servlet_id = ?1 ORDER BY number DESC"
                    + " LIMIT 1",
                String.class)
            .setParameter(1, servlet.id)
            .getResultList();
    return rows.stream().findFirst().map(address -> new ContentAddress((String) address));
  }

  /** The tools that the bytes at an address have, as they were described when published. */
  @Transactional
  public List<ToolSpec> tools(ContentAddress address) {
    List<ToolSpec> known = tools.get(address.hex());
    if (known != null) {
      return known;
    }
    List<ToolSpec> read = read(content(address).tools);
    tools.put(address.hex(), read);
    return read;
  }

  /**
   * The module of the bytes at an address, ready to be called.
   *
   * @throws InvalidServletException when the host refuses what it once took
   */
  public ServletModule module(ContentAddress address)
      throws InvalidServletException, InterruptedException {
    Optional<ServletModule> loaded = host.loaded(address.hex());
    return loaded.isPresent()
        ? loaded.get()
        : host.load(
            address.hex(), QuarkusTransaction.requiringNew().call(() -> content(address).wasm));
  }

  private Servlet create(String owner, String name) {
    Servlet servlet = new Servlet();
    servlet.id = UUID.randomUUID();
    servlet.owner = owner;
    servlet.name = name;
    servlet.visibility = "public";
    servlet.createdAt = clock.instant();
    servlet.modifiedAt = servlet.createdAt;
    return servlet;
  }

  private static ServletContent content(ContentAddress address) {
    ServletContent content = ServletContent.findById(address.hex());
    if (content == null) {
      throw new IllegalStateException("No bytes are kept at " + address);
    }
    return content;
  }

  private String write(List<ToolSpec> specs) {
    ArrayNode array = json.createArrayNode();
    for (ToolSpec spec : specs) {
      array
          .addObject()
          .put("name", spec.name())
          .put("description", spec.description())
          .set("inputSchema", spec.inputSchema());
    }
    return array.toString();
  }

  private List<ToolSpec> read(String text) {
    List<ToolSpec> specs = new ArrayList<>();
    try {
      for (JsonNode spec : json.readTree(text)) {
        specs.add(
            new ToolSpec(
                spec.path("name").asText(),
                spec.path("description").asText(),
                (ObjectNode) spec.path("inputSchema")));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(specs);
  }
}
