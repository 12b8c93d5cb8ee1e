package dev.errand.tools.servlet.registry;

/** The SQL of the registry: servlets, their versions and bytes. */
final class RegistryStatements {
  // Every word must occur in the slug, the description or the name of a tool, and no excluded word
  // may. A servlet whose versions are all yanked is only found by its owner.
  static final String SEARCH =
      """
      SELECT owner, name, description, visibility, required_domains, required_config,
        servlet.created_at, modified_at, latest.address, coalesce(latest.tools, '[]') AS tools,
        (SELECT count(*) FROM installation WHERE servlet_id = servlet.id) AS installation_count
      FROM servlet
      LEFT JOIN LATERAL (
        SELECT address, tools, tool_names
        FROM servlet_version JOIN servlet_content USING (address)
        WHERE servlet_id = servlet.id AND yanked_at IS NULL
        ORDER BY greatest(number, publication) DESC, number DESC LIMIT 1) AS latest ON true
      CROSS JOIN LATERAL (
        SELECT lower(owner || '/' || name || ' ' || description || ' '
          || coalesce(array_to_string(latest.tool_names, ' '), '')) AS text) AS searched
      WHERE ((visibility = 'public' AND latest.address IS NOT NULL) OR owner = :username)
        AND NOT EXISTS (
          SELECT 1 FROM unnest(:words::text[]) AS word
          WHERE position(lower(word) IN searched.text) = 0)
        AND NOT EXISTS (
          SELECT 1 FROM unnest(:excluded::text[]) AS word
          WHERE position(lower(word) IN searched.text) > 0)
      ORDER BY owner, name LIMIT :most OFFSET :offset
      """;

  /** How many bytes of texts each of these has. */
  static final String SEARCH_SIZES =
      "SELECT octet_length(tools) + octet_length(description) AS bytes FROM (%s) AS found"
          .formatted(SEARCH);

  // Servlets with the right owner or the right name, for a slug in which the other is misspelt.
  static final String SIMILAR =
      """
      SELECT owner, name FROM servlet
      WHERE (lower(owner) = lower(:owner) OR lower(name) = lower(:name))
        AND (owner = :username OR (visibility = 'public' AND EXISTS (
          SELECT 1 FROM servlet_version WHERE servlet_id = servlet.id AND yanked_at IS NULL)))
      ORDER BY owner, name LIMIT 1000
      """;

  // Bytes of an older version that are published again keep their number and become the newest,
  // unless they were yanked. The greater of a version's number and its publication says how recent
  // it is.
  static final String ADD_VERSION =
      """
      INSERT INTO servlet_version AS known (servlet_id, number, publication, address, created_at)
      SELECT :servlet_id::uuid, coalesce(max(number), 0) + 1,
        coalesce(max(greatest(number, publication)), 0) + 1, :address::text, :now::timestamptz
      FROM servlet_version WHERE servlet_id = :servlet_id
      ON CONFLICT (servlet_id, address) DO UPDATE SET publication = excluded.publication
        WHERE known.yanked_at IS NULL
          AND greatest(known.number, known.publication) < excluded.publication - 1
      """;

  static final String ADDRESSES =
      """
      SELECT DISTINCT address FROM servlet_version JOIN servlet ON servlet.id = servlet_id
      WHERE owner = :owner AND name = coalesce(:name, name)
      """;

  static final String DELETE_UNUSED =
      """
      DELETE FROM servlet_content AS content WHERE address = ANY (:addresses)
        AND NOT EXISTS (SELECT 1 FROM servlet_version WHERE address = content.address)
        AND NOT EXISTS (SELECT 1 FROM installation WHERE address = content.address)
      """;

  static final String NEWEST =
      """
      SELECT address FROM servlet_version WHERE servlet_id = :servlet_id AND yanked_at IS NULL
      ORDER BY greatest(number, publication) DESC, number DESC LIMIT 1
      """;

  // The newest version is chosen as in NEWEST.
  static final String IS_PUBLISHED =
      """
      SELECT 1 FROM servlet
      WHERE owner = :owner AND name = :name AND description = :description
        AND visibility = :visibility AND required_domains = :domains AND required_config = :config
        AND :address = (
          SELECT address FROM servlet_version WHERE servlet_id = servlet.id AND yanked_at IS NULL
          ORDER BY greatest(number, publication) DESC, number DESC LIMIT 1)
      """;

  static final String VERSIONS =
      """
      SELECT number, greatest(number, publication) AS publication, address, version.created_at,
        yanked_at, octet_length(wasm) AS size, engine, tools
      FROM servlet_version AS version JOIN servlet_content USING (address)
      WHERE servlet_id = :servlet_id AND greatest(number, publication) < :before
      ORDER BY greatest(number, publication) DESC, number DESC LIMIT :most
      """;

  /** How many bytes of texts each of these has. */
  static final String VERSION_SIZES =
      "SELECT octet_length(tools) AS bytes FROM (%s) AS few".formatted(VERSIONS);

  static final String ADD_CONTENT =
      """
      INSERT INTO servlet_content (address, wasm, tools, tool_names, engine, created_at)
      VALUES (:address, :wasm, :tools, :tool_names, :engine, :created_at) ON CONFLICT (address) DO NOTHING
      """;

  static final String HAS_CONTENT = "SELECT 1 FROM servlet_content WHERE address = :address";

  static final String CONTENT = "SELECT wasm FROM servlet_content WHERE address = :address";

  static final String PART =
      """
      SELECT substring(wasm FROM :from FOR :most) AS wasm FROM servlet_content WHERE address = :address AND EXISTS (
        SELECT 1 FROM servlet_version JOIN servlet ON servlet.id = servlet_id
        WHERE servlet_version.address = servlet_content.address
          AND (visibility = 'public' OR owner = :username))
      """;

  static final String SIZE =
      PART.replace("substring(wasm FROM :from FOR :most) AS wasm", "octet_length(wasm) AS size");

  static final String LOCK_TO_CHANGE = "SELECT pg_advisory_xact_lock(hashtext(:servlet))";

  static final String LOCK_TO_READ = "SELECT pg_advisory_xact_lock_shared(hashtext(:servlet))";

  static final String YANK =
      """
      UPDATE servlet_version SET yanked_at = :at
      WHERE servlet_id = :servlet_id AND address = :address AND (yanked_at IS NULL) <> :back
      """;

  static final String COUNT =
      "SELECT count(*) AS versions FROM servlet_version WHERE servlet_id = :servlet_id";

  static final String IS_YANKED =
      """
      SELECT yanked_at IS NOT NULL AS yanked FROM servlet_version
      WHERE servlet_id = :servlet_id AND address = :address
      """;

  static final String BY_NUMBER =
      "SELECT address FROM servlet_version WHERE servlet_id = :servlet_id AND number = :number";

  // Only the user's own installations are returned.
  static final String BEHIND =
      """
      SELECT profile.id AS profile_id, profile.name AS profile, installation.name, version.number
      FROM installation
        JOIN profile ON profile.id = installation.profile_id
        JOIN account ON account.id = account_id
        JOIN servlet_version AS version
          ON version.servlet_id = installation.servlet_id AND version.address = installation.address
      WHERE installation.servlet_id = :servlet_id AND username = :username
        AND greatest(number, publication) < (
          SELECT max(greatest(number, publication)) FROM servlet_version
          WHERE servlet_id = :servlet_id AND yanked_at IS NULL)
      ORDER BY profile.name, installation.name LIMIT 100
      """;

  // Locks the bytes until the transaction ends, so that the deletion of another servlet does not
  // remove them.
  static final String KEEP_CONTENT =
      "SELECT 1 FROM servlet_content WHERE address = :address FOR KEY SHARE";

  static final String TOOLS = "SELECT tools FROM servlet_content WHERE address = :address";

  private RegistryStatements() {}
}
